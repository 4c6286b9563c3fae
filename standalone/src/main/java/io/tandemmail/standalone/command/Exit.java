package io.tandemmail.standalone.command;

import java.util.List;

/** Ends a command with a code and lines for standard error: what happened, what to do. */
public final class Exit extends RuntimeException {
  public static final int NO = 1;
  public static final int USAGE = 2;
  public static final int UNAVAILABLE = 69;
  public static final int CONFIGURATION = 78;

  private static final long serialVersionUID = 1;
  private final int code;
  private final transient List<String> lines;

  public Exit(int code, List<String> lines) {
    super(String.join("; ", lines));
    this.code = code;
    this.lines = List.copyOf(lines);
  }

  public Exit(int code, String what, String whatToDo) {
    this(code, List.of("tandem: " + what, "tandem: " + whatToDo));
  }

  public int code() {
    return code;
  }

  public List<String> lines() {
    return lines;
  }
}
