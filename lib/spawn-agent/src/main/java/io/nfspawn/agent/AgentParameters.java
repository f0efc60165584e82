package io.nfspawn.agent;

import io.nfspawn.protocol.DriverEndpoint;
import io.nfspawn.protocol.wire.Hello;
import io.nfspawn.protocol.wire.Resources;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What an agent is told at launch.
 *
 * @param driver where the driver is and how to recognise it
 * @param instanceId given by the provider
 * @param capacity the slice this agent may hand out
 * @param host address under which other ranks reach this instance
 * @param zone where the instance lies
 * @param wires channel wires it offers, best first
 * @param scratch directory for members' private directories, on a local disk
 * @param grace how long a process may take to end by itself before it is killed
 * @param joinTimeout how long to wait for the driver's welcome
 */
record AgentParameters(
    DriverEndpoint driver,
    String instanceId,
    Resources capacity,
    String host,
    String zone,
    List<String> wires,
    Path scratch,
    Duration grace,
    Duration joinTimeout) {

  Hello hello() {
    return Hello.newBuilder()
        .setInstanceId(instanceId)
        .setCapacity(capacity)
        .setHost(host)
        .setZone(zone)
        .addAllWires(wires)
        .setPid(ProcessHandle.current().pid())
        .build();
  }
}
