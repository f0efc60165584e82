package io.nfspawn.pipeline.caller;

import io.nfspawn.pipeline.UsageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The words that a user adds to the two commands of the built-in caller. Those before {@code --} go
 * to {@code bcftools mpileup}, those after it to {@code bcftools call}: {@code -q 20 -- --ploidy
 * 1}. {@code call} gets {@code -mv} as well unless the user's words choose a calling model ({@code
 * -m} or {@code -c}) themselves.
 *
 * <p>Options that the pipeline itself has to set, and those whose output crosses the borders of
 * work items, are refused here, before any work.
 */
public record CallerArguments(List<String> mpileup, List<String> call) {

  /** Short options that take a value, so that {@code -Q13} and {@code -mv} are read rightly. */
  private static final String MPILEUP_VALUES = "bCdfGqQrRsStTagoOXeFhLmMP";

  private static final String CALL_VALUES = "oOrRsStTaFGgVCnpPf";

  /** errmod_cal in htslib: more bases than that are drawn at random. */
  private static final int SAMPLED_ABOVE = 255;

  private static final Set<String> FLAG_FILTERS =
      Set.of(
          "--ls",
          "--skip-all-set",
          "--ns",
          "--skip-any-set",
          "--lu",
          "--skip-all-unset",
          "--nu",
          "--skip-any-unset",
          "--ff",
          "--excl-flags",
          "--rf",
          "--incl-flags");

  private static final Map<String, String> RESERVED =
      Map.ofEntries(
          Map.entry("-f", "use --reference"),
          Map.entry("--fasta-ref", "use --reference"),
          Map.entry("--no-reference", "use --reference"),
          Map.entry("-b", "the records come from the dataset"),
          Map.entry("--bam-list", "the records come from the dataset"),
          Map.entry("-r", "use --regions"),
          Map.entry("--regions", "use --regions"),
          Map.entry("-R", "use --regions"),
          Map.entry("--regions-file", "use --regions"),
          Map.entry("-t", "use --regions"),
          Map.entry("--targets", "use --regions"),
          Map.entry("-T", "use --regions"),
          Map.entry("--targets-file", "use --regions"),
          Map.entry("-o", "the output is <sample>.vcf.gz"),
          Map.entry("--output", "the output is <sample>.vcf.gz"),
          Map.entry("-O", "the output is <sample>.vcf.gz"),
          Map.entry("--output-type", "the output is <sample>.vcf.gz"),
          Map.entry("-g", "blocks of a gVCF would cross the borders of work items"),
          Map.entry("--gvcf", "blocks of a gVCF would cross the borders of work items"));

  public CallerArguments {
    mpileup = List.copyOf(mpileup);
    call = List.copyOf(call);
  }

  /**
   * Reads {@code --caller-args} of the built-in caller.
   *
   * @throws UsageException for an unclosed quote or an option that the pipeline sets itself
   */
  public static CallerArguments parse(String text) {
    List<String> words = ShellWords.split(text);
    int border = words.indexOf("--");
    List<String> mpileup = border < 0 ? words : words.subList(0, border);
    List<String> call = border < 0 ? List.of() : words.subList(border + 1, words.size());
    refuseReserved("mpileup", mpileup, MPILEUP_VALUES);
    refuseReserved("call", call, CALL_VALUES);
    List<String> callWords = new ArrayList<>();
    if (!hasModel(call)) {
      callWords.add("-mv");
    }
    callWords.addAll(call);
    return new CallerArguments(mpileup, callWords);
  }

  /**
   * Above which depth the answer depends on chance: mpileup's {@code -d} (250 unless given), and
   * never above 255, from where bcftools samples reads by a random state of the whole process.
   */
  DepthLimit depthLimit() {
    int max = 250;
    DepthLimit.Filter filter = DepthLimit.Filter.DEFAULT;
    for (Option option : options(mpileup, MPILEUP_VALUES)) {
      if (option.is("-d", "--max-depth")) {
        max = number(option);
      } else if (FLAG_FILTERS.contains(option.name())) {
        filter = DepthLimit.Filter.ANY_MAPPED;
      } else if (option.is("-A", "--count-orphans") && filter == DepthLimit.Filter.DEFAULT) {
        filter = DepthLimit.Filter.WITH_ORPHANS;
      }
    }
    return new DepthLimit(Math.min(max, SAMPLED_ABOVE), filter);
  }

  /** Whether any word makes bcftools look at the position of a record on its contig. */
  boolean dependOnPosition() {
    return options(call, CALL_VALUES).stream()
        .anyMatch(
            o ->
                o.name().equals("--ploidy-file")
                    || (o.name().equals("--ploidy") && !o.value().matches("[0-9]+")));
  }

  private static int number(Option option) {
    try {
      return Integer.parseInt(option.value());
    } catch (NumberFormatException e) {
      throw new UsageException(
          "--caller-args: "
              + option.name()
              + " needs a number of reads, got '"
              + option.value()
              + "'");
    }
  }

  private static boolean hasModel(List<String> call) {
    return options(call, CALL_VALUES).stream()
        .anyMatch(o -> o.is("-m", "--multiallelic-caller") || o.is("-c", "--consensus-caller"));
  }

  private static void refuseReserved(String command, List<String> words, String valued) {
    for (Option option : options(words, valued)) {
      String advice = RESERVED.get(option.name());
      if (advice != null) {
        throw new UsageException(
            "--caller-args: "
                + option.name()
                + " of bcftools "
                + command
                + " cannot be set here: "
                + advice);
      }
    }
  }

  /** The options among {@code words}; a value that stands apart is attached to its option. */
  private static List<Option> options(List<String> words, String valued) {
    List<Option> options = new ArrayList<>();
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      String next = i + 1 < words.size() ? words.get(i + 1) : "";
      if (word.startsWith("--")) {
        int equals = word.indexOf('=');
        options.add(
            equals < 0
                ? new Option(word, next)
                : new Option(word.substring(0, equals), word.substring(equals + 1)));
      } else if (word.startsWith("-") && word.length() > 1) {
        i += shortOptions(word, next, valued, options) ? 1 : 0;
      }
    }
    return options;
  }

  /** Reads a cluster such as {@code -mv} or {@code -Q13}; true when it took {@code next} too. */
  private static boolean shortOptions(
      String word, String next, String valued, List<Option> options) {
    for (int at = 1; at < word.length(); at++) {
      String name = "-" + word.charAt(at);
      if (valued.indexOf(word.charAt(at)) >= 0) {
        boolean attached = at + 1 < word.length();
        options.add(new Option(name, attached ? word.substring(at + 1) : next));
        return !attached;
      }
      options.add(new Option(name, ""));
    }
    return false;
  }

  private record Option(String name, String value) {
    boolean is(String shortName, String longName) {
      return name.equals(shortName) || name.equals(longName);
    }
  }
}
