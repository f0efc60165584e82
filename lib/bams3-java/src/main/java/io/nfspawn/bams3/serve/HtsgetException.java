package io.nfspawn.bams3.serve;

/** A request that gets an error. Source of kinds and codes: htsget 1.3, "Errors". */
final class HtsgetException extends Exception {
  private static final long serialVersionUID = 1L;

  /** The protocol's names, with the HTTP status of each. */
  enum Kind {
    PERMISSION_DENIED("PermissionDenied", 403),
    NOT_FOUND("NotFound", 404),
    METHOD_NOT_ALLOWED("InvalidInput", 405),
    PAYLOAD_TOO_LARGE("PayloadTooLarge", 413),
    UNSUPPORTED_FORMAT("UnsupportedFormat", 400),
    INVALID_INPUT("InvalidInput", 400),
    INVALID_RANGE("InvalidRange", 400),
    INTERNAL("InternalError", 500);

    private final String label;
    private final int status;

    Kind(String label, int status) {
      this.label = label;
      this.status = status;
    }

    String label() {
      return label;
    }

    int status() {
      return status;
    }
  }

  private final Kind kind;

  HtsgetException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  Kind kind() {
    return kind;
  }

  String text() {
    return String.valueOf(getMessage());
  }
}
