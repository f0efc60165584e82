package io.nfspawn.vcfmerge;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Everything a merge needs to know before the first chunk arrives.
 *
 * @param sample for the receipt
 * @param target where the result goes
 * @param plan what is expected, in which order; {@link MergePlan#openEnded} when nobody knows
 * @param caller who made the calls
 * @param invocationKeys header keys, beside the known ones, that differ from one invocation to the
 *     next and are left out, such as {@code reference} when every worker has its own path
 * @param header VCF header to use when no chunk brings one; null = a merge of nothing fails
 * @param limits memory, scratch, threads
 */
public record MergeRequest(
    String sample,
    MergeTarget target,
    MergePlan plan,
    CallerInfo caller,
    Set<String> invocationKeys,
    @Nullable VcfSource header,
    MergeLimits limits) {
  public MergeRequest {
    invocationKeys = Set.copyOf(invocationKeys);
  }

  public static MergeRequest of(String sample, MergeTarget target, MergePlan plan) {
    return new MergeRequest(
        sample, target, plan, CallerInfo.UNKNOWN, Set.of(), null, MergeLimits.defaults());
  }

  public MergeRequest withCaller(CallerInfo value) {
    return new MergeRequest(sample, target, plan, value, invocationKeys, header, limits);
  }

  public MergeRequest withInvocationKeys(String... keys) {
    return new MergeRequest(
        sample, target, plan, caller, Set.copyOf(List.of(keys)), header, limits);
  }

  public MergeRequest withHeader(VcfSource value) {
    return new MergeRequest(sample, target, plan, caller, invocationKeys, value, limits);
  }

  public MergeRequest withLimits(MergeLimits value) {
    return new MergeRequest(sample, target, plan, caller, invocationKeys, header, value);
  }
}
