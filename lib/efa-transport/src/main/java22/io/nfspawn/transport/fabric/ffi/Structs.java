package io.nfspawn.transport.fabric.ffi;

import static io.nfspawn.transport.fabric.ffi.Struct.INT;
import static io.nfspawn.transport.fabric.ffi.Struct.LONG;
import static io.nfspawn.transport.fabric.ffi.Struct.POINTER;
import static io.nfspawn.transport.fabric.ffi.Struct.field;
import static io.nfspawn.transport.fabric.ffi.Struct.operations;

import java.util.List;

/**
 * The structs of libfabric 1.17 on 64-bit Linux that are read or written here. A test compares each
 * with what a C compiler makes of the installed headers. Structs that the library allocates may
 * have grown at their end in newer versions, which does no harm.
 */
final class Structs {
  static final Struct FI_INFO =
      Struct.of(
          "fi_info",
          120,
          field("next", 0, POINTER),
          field("caps", 8, LONG),
          field("mode", 16, LONG),
          field("addr_format", 24, INT),
          field("src_addrlen", 32, LONG),
          field("src_addr", 48, POINTER),
          field("tx_attr", 72, POINTER),
          field("rx_attr", 80, POINTER),
          field("ep_attr", 88, POINTER),
          field("domain_attr", 96, POINTER),
          field("fabric_attr", 104, POINTER));

  static final Struct FI_TX_ATTR =
      Struct.of(
          "fi_tx_attr",
          80,
          field("caps", 0, LONG),
          field("mode", 8, LONG),
          field("op_flags", 16, LONG),
          field("msg_order", 24, LONG),
          field("inject_size", 40, LONG),
          field("size", 48, LONG));

  static final Struct FI_RX_ATTR =
      Struct.of("fi_rx_attr", 64, field("msg_order", 24, LONG), field("size", 48, LONG));

  static final Struct FI_EP_ATTR =
      Struct.of(
          "fi_ep_attr",
          96,
          field("type", 0, INT),
          field("protocol", 4, INT),
          field("max_msg_size", 16, LONG));

  static final Struct FI_DOMAIN_ATTR =
      Struct.of(
          "fi_domain_attr",
          192,
          field("domain", 0, POINTER),
          field("name", 8, POINTER),
          field("threading", 16, INT),
          field("data_progress", 24, INT),
          field("av_type", 32, INT),
          field("mr_mode", 36, INT),
          field("mr_key_size", 40, LONG));

  static final Struct FI_FABRIC_ATTR =
      Struct.of(
          "fi_fabric_attr",
          32,
          field("fabric", 0, POINTER),
          field("name", 8, POINTER),
          field("prov_name", 16, POINTER),
          field("prov_version", 24, INT),
          field("api_version", 28, INT));

  static final Struct FI_AV_ATTR =
      Struct.of("fi_av_attr", 48, field("type", 0, INT), field("count", 8, LONG));

  static final Struct FI_CQ_ATTR =
      Struct.of(
          "fi_cq_attr",
          40,
          field("size", 0, LONG),
          field("format", 16, INT),
          field("wait_obj", 20, INT));

  static final Struct FI_CQ_MSG_ENTRY =
      Struct.of(
          "fi_cq_msg_entry",
          24,
          field("op_context", 0, POINTER),
          field("flags", 8, LONG),
          field("len", 16, LONG));

  static final Struct FI_CQ_ERR_ENTRY =
      Struct.of(
          "fi_cq_err_entry",
          80,
          field("op_context", 0, POINTER),
          field("flags", 8, LONG),
          field("len", 16, LONG),
          field("olen", 48, LONG),
          field("err", 56, INT),
          field("prov_errno", 60, INT),
          field("err_data", 64, POINTER),
          field("err_data_size", 72, LONG));

  static final Struct FI_CONTEXT2 = Struct.of("fi_context2", 64);

  static final Struct FID =
      Struct.of("fid", 24, field("fclass", 0, LONG), field("ops", 16, POINTER));
  static final Struct FID_FABRIC = Struct.of("fid_fabric", 40, field("ops", 24, POINTER));
  static final Struct FID_DOMAIN =
      Struct.of("fid_domain", 40, field("ops", 24, POINTER), field("mr", 32, POINTER));
  static final Struct FID_MR =
      Struct.of("fid_mr", 40, field("mem_desc", 24, POINTER), field("key", 32, LONG));
  static final Struct FID_EP =
      Struct.of(
          "fid_ep",
          80,
          field("ops", 24, POINTER),
          field("cm", 32, POINTER),
          field("msg", 40, POINTER),
          field("rma", 48, POINTER),
          field("tagged", 56, POINTER));
  static final Struct FID_AV = Struct.of("fid_av", 32, field("ops", 24, POINTER));
  static final Struct FID_CQ = Struct.of("fid_cq", 32, field("ops", 24, POINTER));

  static final Struct FI_OPS = operations("fi_ops", 56, "close@8", "bind@16", "control@24");
  static final Struct FI_OPS_FABRIC = operations("fi_ops_fabric", 56, "domain@8");
  static final Struct FI_OPS_DOMAIN =
      operations("fi_ops_domain", 96, "av_open@8", "cq_open@16", "endpoint@24");
  static final Struct FI_OPS_MR = operations("fi_ops_mr", 32, "reg@8");
  static final Struct FI_OPS_CM = operations("fi_ops_cm", 80, "setname@8", "getname@16");
  static final Struct FI_OPS_MSG = operations("fi_ops_msg", 80, "recv@8", "send@32", "inject@56");
  static final Struct FI_OPS_RMA = operations("fi_ops_rma", 80, "read@8", "write@32");
  static final Struct FI_OPS_AV = operations("fi_ops_av", 64, "insert@8", "remove@32");
  static final Struct FI_OPS_CQ =
      operations("fi_ops_cq", 64, "read@8", "readerr@24", "strerror@56");

  private Structs() {}

  /** Of the system, not of libfabric. */
  static final Struct IOVEC =
      Struct.of("iovec", 16, field("iov_base", 0, LONG), field("iov_len", 8, LONG));

  /** All of them, for the test. */
  static List<Struct> all() {
    return List.of(
        FI_INFO,
        FI_TX_ATTR,
        FI_RX_ATTR,
        FI_EP_ATTR,
        FI_DOMAIN_ATTR,
        FI_FABRIC_ATTR,
        FI_AV_ATTR,
        FI_CQ_ATTR,
        FI_CQ_MSG_ENTRY,
        FI_CQ_ERR_ENTRY,
        FI_CONTEXT2,
        FID,
        FID_FABRIC,
        FID_DOMAIN,
        FID_MR,
        FID_EP,
        FID_AV,
        FID_CQ,
        FI_OPS,
        FI_OPS_FABRIC,
        FI_OPS_DOMAIN,
        FI_OPS_MR,
        FI_OPS_CM,
        FI_OPS_MSG,
        FI_OPS_RMA,
        FI_OPS_AV,
        FI_OPS_CQ,
        IOVEC);
  }
}
