package io.tandemmail.console.browser;

/**
 * Why a request is not served.
 *
 * @param status of HTTP
 * @param text one line: what, and what to do
 */
public record Refusal(int status, String text) {}
