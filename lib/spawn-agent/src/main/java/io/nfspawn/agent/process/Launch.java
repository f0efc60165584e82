package io.nfspawn.agent.process;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A process to be started: stdin is empty, everything it prints goes to one file.
 *
 * @param command absolute path of the program, then its arguments
 * @param directory where it starts
 * @param output file for stdout and stderr, relative to the directory; emptied first
 * @param environment comes on top of this program's own environment
 * @param withheld names of variables of this program's own environment that it does not get
 */
public record Launch(
    List<String> command,
    Path directory,
    String output,
    Map<String, String> environment,
    Set<String> withheld) {}
