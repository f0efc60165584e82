package io.nfspawn.pipeline.caller;

import io.nfspawn.pipeline.UsageException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A command line for any caller that reads an indexed BAM and prints VCF: {@code freebayes -f
 * {reference} -r {region} {bam}}. It is run by bash with pipefail, so it may hold pipes.
 *
 * <ul>
 *   <li>{@code {reference}}: the indexed FASTA file
 *   <li>{@code {region}}: the padded interval, 1-based and closed, {@code chr20:9999501-10005000}
 *   <li>{@code {bam}}: an indexed BAM of the records that overlap it; it is removed afterwards
 *   <li>{@code {args}}: where the user's further arguments go; at the end unless it is there
 * </ul>
 *
 * Other braces are the shell's own.
 */
record CallerTemplate(String text) {
  /** {@code ${NAME}} is the shell's. */
  private static final Pattern PLACEHOLDER = Pattern.compile("(?<!\\$)\\{([A-Za-z_]+)}");

  private static final Set<String> KNOWN = Set.of("reference", "region", "bam", "args");

  static CallerTemplate parse(String caller, String arguments) {
    Set<String> used = new TreeSet<>();
    Matcher matcher = PLACEHOLDER.matcher(caller);
    while (matcher.find()) {
      used.add(matcher.group(1));
    }
    for (String name : used) {
      if (!KNOWN.contains(name)) {
        throw new UsageException(
            "--caller has the placeholder {"
                + name
                + "}; known are {reference}, {region}, {bam} and {args}: "
                + caller);
      }
    }
    if (!used.contains("bam")) {
      throw new UsageException(
          "--caller is '"
              + caller
              + "'; it must be bcftools, or a command with {reference}, {region} and {bam} that"
              + " prints VCF, such as: freebayes -f {reference} -r {region} {bam}");
    }
    String text = used.contains("args") || arguments.isBlank() ? caller : caller + " {args}";
    return new CallerTemplate(text.replace("{args}", arguments));
  }

  /** The program that the command begins with. */
  String program() {
    return text.strip().split("\\s+", 2)[0];
  }

  String command(Path reference, String region, Path bam) {
    return text.replace("{reference}", ShellWords.quote(reference.toString()))
        .replace("{region}", ShellWords.quote(region))
        .replace("{bam}", ShellWords.quote(bam.toString()));
  }
}
