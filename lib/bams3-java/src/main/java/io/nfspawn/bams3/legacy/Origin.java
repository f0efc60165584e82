package io.nfspawn.bams3.legacy;

/** Which tool wrote a dataset, and how: they lose different things. */
enum Origin {
  /** {@code bams3 convert FILE} of the Go tool. */
  GO_FILE,
  /** {@code bams3 convert --stdin} of the Go tool: positions are 1-based there. */
  GO_STREAM,
  /** {@code bams3_converter.py}. */
  PYTHON,
  /** {@link LegacyWriter}. */
  OURS
}
