package io.nfspawn.transport.fabric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What members and strangers say of where they listen. */
class FabricAddressTest {
  private static final int HELLO_BYTES = 1024; // More than any.

  @Test
  void shouldTakeThirtyTwoEndpointsOfEfaAndFitIntoOneMessage() {
    List<byte[]> endpoints = new ArrayList<>();
    for (int i = 0; i < 32; i++) {
      byte[] endpoint = new byte[32];
      endpoint[i] = (byte) 0xe7;
      endpoints.add(endpoint);
    }
    String host = "ip-10-0-0-1.".repeat(20) + "internal";
    String text = new FabricAddress(endpoints, host, 65_535, "efa").toString();
    FabricAddress parsed = FabricAddress.parse(text);
    assertThat(parsed.endpoints()).containsExactlyElementsOf(endpoints);
    assertThat(parsed.host()).isEqualTo(host);
    assertThat(parsed).hasToString(text);
    assertThat(WireHeader.LENGTH_BYTES + Short.BYTES + FabricAddress.MOST_TEXT + HELLO_BYTES)
        .isLessThan(Postbox.SLOT_BYTES);
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "[fe80::1%eth0]", "::1", "node-1_a.example"})
  void shouldTakeHostsThatMembersHave(String host) {
    assertThat(FabricAddress.parse("00@" + host + ":1;tcp;ofi_rxm").host()).isEqualTo(host);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "a\nevent=peer_lost rank=1", "a b", "a\"", "\u001b[2J", "\u2028", "a\u00e9"})
  void shouldRefuseHostThatCouldForgeLines(String host) {
    assertThatThrownBy(() -> FabricAddress.parse("00@" + host + ":1;shm"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching("no address of a fabric: '[ -~]*'");
  }

  @Test
  void shouldRefuseHostAndProviderThatAreTooLong() {
    for (String text :
        List.of("00@" + "a".repeat(256) + ":1;shm", "00@a:1;" + "a".repeat(65), "00@a:1;a\nb")) {
      assertThatThrownBy(() -> FabricAddress.parse(text))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageMatching("no address of a fabric: '[ -~]*'");
    }
  }
}
