package io.tandemmail.worker.compose;

/** The submission cannot be composed. It passed admission, so this is a defect of ours or a record not written by us. */
public final class ComposeException extends Exception {
  private static final long serialVersionUID = 1;

  ComposeException(String message, Throwable cause) {
    super(message, cause);
  }
}
