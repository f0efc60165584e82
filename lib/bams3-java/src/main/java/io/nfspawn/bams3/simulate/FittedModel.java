package io.nfspawn.bams3.simulate;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/**
 * Counts taken from a real run (HiSeq 2000, 101 bp pairs, bwa aln): {@code bench/bams3/fit-model}
 * makes them and describes their text. Immutable.
 */
final class FittedModel {
  private static final String RESOURCE = "hiseq.model.gz";
  private static final double MILLION = 1e6;
  private static final int LEVELS = 94;
  private static final int INSERT_STEP_BP = 10;

  /** Classes of the two reads of a pair. */
  record PairClass(int first, int second) {}

  /** Tags of the two reads of a pair. */
  record PairTags(MappingTags first, MappingTags second) {}

  private final double[] errors = new double[LEVELS];
  private final WeightedChoice<PairClass> pairClasses;
  private final WeightedChoice<Integer> unmappedClasses;
  private final WeightedChoice<Integer> inserts;
  private final WeightedChoice<PairTags> uniqueTags;
  private final WeightedChoice<PairTags> repeatTags;
  private final WeightedChoice<PairTags> firstRescuedTags;
  private final WeightedChoice<PairTags> secondRescuedTags;
  private final QualityContexts contexts;
  private final double unmappedShare;

  private FittedModel(List<String> lines) {
    var pairClass = new WeightedChoice.Builder<PairClass>();
    var unmappedClass = new WeightedChoice.Builder<Integer>();
    var insert = new WeightedChoice.Builder<Integer>();
    var unique = new WeightedChoice.Builder<PairTags>();
    var repeat = new WeightedChoice.Builder<PairTags>();
    var firstRescued = new WeightedChoice.Builder<PairTags>();
    var secondRescued = new WeightedChoice.Builder<PairTags>();
    QualityContexts.Builder context = new QualityContexts.Builder();
    double unmapped = 0;
    for (String line : lines) {
      String[] f = line.split(" ", -1);
      switch (f[0]) {
        case "cycles" -> context.cycles(number(f[1]));
        case "band" -> context.bands(numbers(f));
        case "group" -> context.groups(numbers(f));
        case "pair" -> pairClass.add(new PairClass(number(f[1]), number(f[2])), number(f[3]));
        case "unmapped" -> unmappedClass.add(number(f[1]), number(f[2]));
        case "unmapped-share" -> unmapped = number(f[1]) / MILLION;
        case "error" -> errors[number(f[1])] = number(f[2]) / MILLION;
        case "insert" -> insert.add(number(f[1]), number(f[2]));
        case "tags" -> {
          PairTags tags = new PairTags(MappingTags.parse(f[1]), MappingTags.parse(f[2]));
          if (tags.first().isRescued()) {
            firstRescued.add(tags, number(f[3]));
          } else if (tags.second().isRescued()) {
            secondRescued.add(tags, number(f[3]));
          } else {
            boolean both = tags.first().isUnique() && tags.second().isUnique();
            (both ? unique : repeat).add(tags, number(f[3]));
          }
        }
        case "q" -> context.add(number(f[1]), number(f[2]), number(f[3]), number(f[4]), f[5]);
        default -> throw new IllegalStateException(RESOURCE + ": line '" + line + "'");
      }
    }
    pairClasses = pairClass.build();
    unmappedClasses = unmappedClass.build();
    inserts = insert.build();
    uniqueTags = unique.build();
    repeatTags = repeat.build();
    firstRescuedTags = firstRescued.build();
    secondRescuedTags = secondRescued.build();
    contexts = context.build();
    unmappedShare = unmapped;
  }

  private static int number(String text) {
    return Integer.parseInt(text);
  }

  private static int[] numbers(String[] fields) {
    int[] numbers = new int[fields.length - 1];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = number(fields[i + 1]);
    }
    return numbers;
  }

  static FittedModel load() {
    List<String> lines = new ArrayList<>();
    try (InputStream packed =
            Objects.requireNonNull(FittedModel.class.getResourceAsStream(RESOURCE), RESOURCE);
        BufferedReader text =
            new BufferedReader(
                new InputStreamReader(new GZIPInputStream(packed), StandardCharsets.US_ASCII))) {
      text.lines().forEach(lines::add);
    } catch (IOException e) {
      throw new UncheckedIOException(RESOURCE, e);
    }
    return new FittedModel(lines);
  }

  /** Share of bases of a quality that are wrong. */
  double errorShare(int quality) {
    return errors[quality];
  }

  /** Share of reads that were not aligned, for want of likeness or of quality. */
  double unmappedShare() {
    return unmappedShare;
  }

  PairClass drawPairClass(RandomStream random) {
    return pairClasses.draw(random);
  }

  int drawUnmappedClass(RandomStream random) {
    return unmappedClasses.draw(random);
  }

  int drawInsertBp(RandomStream random) {
    return inserts.draw(random) + random.nextInt(INSERT_STEP_BP);
  }

  /** Share of pairs of which a read has more than one hit, rescued reads not counted. */
  double repeatShare() {
    return (double) repeatTags.total() / (repeatTags.total() + uniqueTags.total());
  }

  PairTags drawUniqueTags(RandomStream random) {
    return uniqueTags.draw(random);
  }

  PairTags drawRepeatTags(RandomStream random) {
    return repeatTags.draw(random);
  }

  /** For a pair of which one read was found by the other. */
  PairTags drawRescuedTags(boolean firstRescued, RandomStream random) {
    return (firstRescued ? firstRescuedTags : secondRescuedTags).draw(random);
  }

  QualityContexts contexts() {
    return contexts;
  }
}
