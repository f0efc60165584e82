package io.nfspawn.agent.process;

class JdkProcessStarterTest extends ProcessStarterContract {
  @Override
  ProcessStarter starter() {
    return new JdkProcessStarter();
  }
}
