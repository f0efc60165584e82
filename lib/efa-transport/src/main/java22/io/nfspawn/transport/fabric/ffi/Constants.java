package io.nfspawn.transport.fabric.ffi;

/**
 * Constants of libfabric and Linux under C's own names. A test compares each with the installed
 * headers.
 */
final class Constants {
  static final long FI_MSG = 1L << 1;
  static final long FI_RMA = 1L << 2;
  static final long FI_READ = 1L << 8;
  static final long FI_RECV = 1L << 10;
  static final long FI_SEND = 1L << 11;
  static final long FI_TRANSMIT = FI_SEND;
  static final long FI_REMOTE_READ = 1L << 12;
  static final long FI_SOURCE = 1L << 57;

  static final long FI_CONTEXT = 1L << 59;
  static final long FI_CONTEXT2 = 1L << 52;

  static final int FI_MR_LOCAL = 1 << 2;
  static final int FI_MR_VIRT_ADDR = 1 << 4;
  static final int FI_MR_ALLOCATED = 1 << 5;
  static final int FI_MR_PROV_KEY = 1 << 6;

  static final int FI_EP_RDM = 3;
  static final int FI_THREAD_DOMAIN = 3;
  static final int FI_AV_TABLE = 2;
  static final int FI_CQ_FORMAT_MSG = 2;
  static final int FI_WAIT_NONE = 0;
  static final int FI_ENABLE = 6;

  static final long FI_ORDER_RMA_RAW = 1L << 33;
  static final long FI_ORDER_RAW = 1L << 1;

  static final int FI_EAGAIN = 11;
  static final int FI_EAVAIL = 259;
  static final int FI_ENODATA = 61;
  static final int FI_ECANCELED = 125;

  static final int PROT_READ = 1;
  static final int PROT_WRITE = 2;
  static final int MAP_PRIVATE = 2;
  static final int MAP_ANONYMOUS = 0x20;
  static final int MADV_HUGEPAGE = 14;

  private Constants() {}
}
