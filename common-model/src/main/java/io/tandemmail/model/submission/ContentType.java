package io.tandemmail.model.submission;

import io.tandemmail.model.wire.HeaderNames;

/** The two shapes a submission's value may have. */
public enum ContentType {
  JSON(HeaderNames.JSON),
  RFC822(HeaderNames.RFC822);

  private final String mediaType;

  ContentType(String mediaType) {
    this.mediaType = mediaType;
  }

  public String mediaType() {
    return mediaType;
  }
}
