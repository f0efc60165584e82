package io.nfspawn.transport.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The texts by which users learn what they set up wrongly. */
class SetUpTest {
  @TempDir Path directory;

  private SetUp setUp(long freeBytes, String lockedMemory) throws IOException {
    Path limits = directory.resolve("limits");
    Files.writeString(
        limits,
        """
        Limit                     Soft Limit           Hard Limit           Units
        Max processes             1000                 1000                 processes
        Max locked memory         %-20s unlimited            bytes
        """
            .formatted(lockedMemory));
    return new SetUp(directory, () -> freeBytes, limits, directory.resolve("infiniband"));
  }

  private void device(String name, String vendor) throws IOException {
    Path device = Files.createDirectories(directory.resolve("infiniband").resolve(name));
    Files.createDirectories(device.resolve("device"));
    Files.writeString(device.resolve("device/vendor"), vendor + "\n");
  }

  @Test
  void shouldFindNoFaultWhenThereIsRoom() throws Exception {
    SetUp sound = setUp(1L << 30, "unlimited");
    assertThat(sound.fault("fabric:shm")).isEmpty();
    assertThat(sound.fault("fabric:efa")).isEmpty();
    assertThat(sound.fault("fabric:tcp")).isEmpty();
    assertThat(SetUp.OF_THIS_MACHINE.fault("fabric:tcp")).isEmpty();
  }

  @Test
  void shouldSayThatSharedMemoryIsFullOrAbsent() throws Exception {
    assertThat(setUp(64L << 20, "unlimited").fault("fabric:shm"))
        .isEqualTo(
            directory
                + " has 64 MiB free, a gang takes 16 MiB a rank and 128 MiB are asked for; remove"
                + " what lies there or make it larger (docker run --shm-size=1g)");
    Path absent = directory.resolve("absent");
    assertThat(new SetUp(absent, () -> 0, absent, absent).fault("fabric:shm"))
        .isEqualTo("no directory " + absent + " that can be written; mount a tmpfs there");
  }

  @Test
  void shouldSayThatLockedMemoryIsLimited() throws Exception {
    assertThat(setUp(0, "8388608").fault("fabric:efa"))
        .startsWith("locked memory is limited to 8192 KiB and EFA registers what it sends; set it")
        .contains("ulimit -l", "memlock", "--ulimit memlock=-1", "LimitMEMLOCK=infinity");
    assertThat(setUp(0, String.valueOf(4L << 30)).fault("fabric:efa")).isEmpty();
  }

  @Test
  void shouldSayWhyThereIsNoEfa() throws Exception {
    SetUp here = setUp(0, "unlimited");
    assertThat(here.withoutEfa("libfabric 1.17"))
        .isEqualTo(
            "no EFA device; it takes an instance type with EFA, an interface of type efa and its"
                + " driver");
    device("mlx5_0", "0x15b3");
    assertThat(here.withoutEfa("libfabric 1.17")).startsWith("no EFA device among those of ");
    device("rdmap0s6", "0x1d0f");
    assertThat(here.withoutEfa("libfabric 1.17 (/usr/lib/libfabric.so.1)"))
        .isEqualTo(
            "there is an EFA device (rdmap0s6), but libfabric 1.17 (/usr/lib/libfabric.so.1) has no"
                + " provider for it; run AWS's EFA installer or name its libfabric.so.1 in"
                + " SPAWN_LIBFABRIC");
  }

  @Test
  void shouldHintAtTheSecurityGroupWhenEfaIsSilent() {
    assertThat(SetUp.hint("fabric:efa")).contains("to and from itself, inbound and outbound");
    assertThat(SetUp.hint("fabric:shm")).isEmpty();
  }
}
