package io.tandemmail.model;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a package that decides: no Kafka, no mail API, no clock, no randomness, no log, no I/O. Time and random numbers
 * are arguments. The architecture test holds every marked package to it, so a decision can be replayed from its inputs.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.PACKAGE)
public @interface PureCore {}
