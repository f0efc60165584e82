package io.nfspawn.transport.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.nfspawn.transport.ChannelOptions;
import io.nfspawn.transport.Encryption;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** How push, pull, broadcast and receive open their channel. */
class StreamOptionsTest {
  private static ChannelOptions channel(String... arguments) {
    StreamOptions options = new StreamOptions();
    new CommandLine(options).setCaseInsensitiveEnumValuesAllowed(true).parseArgs(arguments);
    return options.channel();
  }

  @Test
  void shouldProtectFramesAsAskedWhenTheCommandLineSays() {
    assertThat(channel("--encryption", "required").encryption()).isEqualTo(Encryption.REQUIRED);
    assertThat(channel("--encryption", "off").encryption()).isEqualTo(Encryption.OFF);
  }

  @Test
  void shouldProtectFramesAsTheRunSaysWhenTheCommandLineDoesNot() {
    assertThat(channel()).isEqualTo(ChannelOptions.fromEnvironment());
  }

  @ParameterizedTest
  @ValueSource(strings = {"push --to 1", "pull --from 1", "broadcast", "receive --from 1"})
  void shouldNameWhatIsAllowedWhenTheCommandLineIsWrong(String command) {
    StringWriter errors = new StringWriter();
    int exit =
        SpawnChannelCommand.commandLine()
            .setErr(new PrintWriter(errors))
            .execute((command + " --encryption none").split(" "));
    assertThat(exit).isEqualTo(2);
    assertThat(errors.toString())
        .contains(
            "Invalid value for option '--encryption': expected one of [REQUIRED,"
                + " AUTHENTICATE, OFF] (case-insensitive) but was 'none'");
  }
}
