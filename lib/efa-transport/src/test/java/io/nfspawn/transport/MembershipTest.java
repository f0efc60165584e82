package io.nfspawn.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MembershipTest {
  private static final String MEMBERS =
      "{\"gang\":\"g\",\"epoch\":1,\"members\":["
          + "{\"rank\":0,\"role\":\"a\",\"host\":\"127.0.0.1\",\"extra\":[1,{}],\"endpoints\":{}}]}";

  @TempDir Path directory;

  private Map<String, String> environment() throws Exception {
    Path members = Files.writeString(directory.resolve("members.json"), MEMBERS);
    Path key = Files.writeString(directory.resolve("channel.key"), "ab".repeat(32) + "\n");
    Map<String, String> variables = new HashMap<>();
    variables.put("SPAWN_GANG", "g");
    variables.put("SPAWN_ROLE", "a");
    variables.put("SPAWN_RANK", "0");
    variables.put("SPAWN_EPOCH", "1");
    variables.put("SPAWN_SIZE", "1");
    variables.put("SPAWN_MEMBERS", members.toString());
    variables.put("SPAWN_CHANNEL_KEY", key.toString());
    return variables;
  }

  @Test
  void shouldReadEveryVariable() throws Exception {
    Membership membership = Membership.fromEnvironment(environment());
    assertThat(membership.gang()).isEqualTo("g");
    assertThat(membership.rank()).isZero();
    assertThat(membership.toString()).contains("hidden").doesNotContain("abab");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SPAWN_GANG",
        "SPAWN_ROLE",
        "SPAWN_RANK",
        "SPAWN_EPOCH",
        "SPAWN_SIZE",
        "SPAWN_MEMBERS",
        "SPAWN_CHANNEL_KEY"
      })
  void shouldNameVariableWhenItIsMissing(String variable) throws Exception {
    Map<String, String> variables = environment();
    variables.remove(variable);
    assertThatThrownBy(() -> Membership.fromEnvironment(variables))
        .hasMessage(
            variable
                + ": is not set; this program runs as a member of a gang (ext.gang of its"
                + " process)");
  }

  @ParameterizedTest
  @CsvSource({
    "SPAWN_RANK, one, 'is ''one'', expected a whole number'",
    "SPAWN_RANK, 1, 'rank 1 is not in a gang of 1 (0 to size - 1)'",
    "SPAWN_EPOCH, 0, 'is 0, epochs count from 1'",
    "SPAWN_MEMBERS, /none, 'no readable file /none; is the task still running under its agent?'",
    "SPAWN_CHANNEL_KEY, /none, 'no file /none; is the task still running under its agent?'"
  })
  void shouldSayWhatIsWrong(String variable, String value, String message) throws Exception {
    Map<String, String> variables = environment();
    variables.put(variable, value);
    assertThatThrownBy(() -> Membership.fromEnvironment(variables))
        .isInstanceOf(MembershipException.class)
        .hasMessage(variable + ": " + message);
  }

  @Test
  void shouldNotRepeatBrokenKey() throws Exception {
    Map<String, String> variables = environment();
    Files.writeString(directory.resolve("channel.key"), "secret-but-short");
    assertThatThrownBy(() -> Membership.fromEnvironment(variables))
        .hasMessageContaining("must hold 64 hex digits")
        .hasMessageNotContaining("secret-but-short");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"gang\":\"g\"|\"gang\":\"h\"|is of gang 'h', this is 'g'",
        "\"epoch\":1|\"epoch\":2|is of epoch 2, this is epoch 1",
        "\"rank\":0|\"rank\":3|has no rank 0",
        "\"host\"|\"hast\"|should hold a host for rank 0",
        "{\"gang\"|[\"gang\"|should hold an object",
        "]}|]|is no valid JSON"
      })
  void shouldSayWhatIsWrongWithMembers(String from, String to, String message) throws Exception {
    Map<String, String> variables = environment();
    Files.writeString(directory.resolve("members.json"), MEMBERS.replace(from, to));
    Membership membership = Membership.fromEnvironment(variables);
    assertThatThrownBy(() -> Channel.open(membership, ChannelOptions.defaults()).close())
        .isInstanceOf(MembershipException.class)
        .hasMessageContaining(directory.resolve("members.json") + " " + message);
  }

  @Test
  void shouldRefuseWireThatIsNotThere() throws Exception {
    Membership membership = Membership.fromEnvironment(environment());
    ChannelOptions options = ChannelOptions.defaults();
    assertThatThrownBy(() -> Channel.open(membership, options.withWire("smoke")).close())
        .hasMessage(
            "no wire 'smoke'; there are auto, zmq, fabric, fabric:efa, fabric:shm and fabric:tcp");
  }

  @Test
  void shouldPublishAddressAtOnce() throws Exception {
    try (Channel channel =
        Channel.open(Membership.fromEnvironment(environment()), ChannelOptions.defaults())) {
      assertThat(directory.resolve("address.json"))
          .content()
          .matches("\\{\"zmq\":\"tcp://127.0.0.1:\\d+\"}\n");
      assertThat(channel.members()).hasSize(1);
    }
  }
}
