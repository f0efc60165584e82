package io.nfspawn.cloud.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Stands for the agent: takes its token, prints its arguments, then waits with a child. */
final class IdleAgent {
  private IdleAgent() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    String token = new String(System.in.readAllBytes(), StandardCharsets.UTF_8).strip();
    System.out.println("arguments " + Arrays.toString(args));
    System.out.println("token of " + token.length());
    new ProcessBuilder("setsid", "sleep", "1000").start();
    Thread.sleep(Long.MAX_VALUE);
  }
}
