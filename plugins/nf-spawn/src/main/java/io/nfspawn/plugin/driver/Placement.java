package io.nfspawn.plugin.driver;

import io.nfspawn.cloud.InstanceId;
import io.nfspawn.plugin.scheduler.GangSeat;
import java.util.Optional;

/**
 * Where a task runs.
 *
 * @param host address of the instance, as its agent said
 * @param instanceType the provider's word for the kind of instance
 * @param epoch the gang's round; 1 outside gangs
 * @param seat the member's place in its gang
 */
public record Placement(
    InstanceId instance,
    String host,
    String instanceType,
    String zone,
    int epoch,
    Optional<GangSeat> seat) {}
