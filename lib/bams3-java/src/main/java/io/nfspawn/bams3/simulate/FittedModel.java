package io.nfspawn.bams3.simulate;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * Counts taken from a real run (HiSeq 2000, 101 bp pairs, bwa aln): {@code bench/bams3/fit-model}
 * makes them and describes their text. Immutable.
 */
final class FittedModel {
  private static final String RESOURCE = "hiseq.model.gz";

  /** Bases of each read of that run. */
  static final int READ_BP = 101;

  /** Wrong bases among all that qualities promise: good reads are below the first. */
  private static final double[] ERROR_LEVELS = {0.0008, 0.003, 0.01, 0.02, 0.04};

  private static final double MILLION = 1e6;
  private static final int LEVELS = 94;
  private static final int INSERT_STEP_BP = 10;

  /** Of the reads of a class: the share of bases that are wrong by their qualities. */
  private record Range(double least, double most) {}

  /** Classes of the two reads of a pair. */
  record PairClass(int first, int second) {}

  /**
   * Errors of one read, which come together.
   *
   * @param factor how many times those that its qualities say
   * @param extra how many more, whatever the qualities
   */
  record ErrorRate(double factor, double extra) {}

  /** Tags of the two reads of a pair. */
  record PairTags(MappingTags first, MappingTags second) {}

  /**
   * Pairs of which one read was not aligned.
   *
   * @param share of all pairs
   * @param secondShare of these, where it was the first read that was not
   */
  record Lone(double share, double secondShare) {}

  /**
   * Reads that lie elsewhere with one end, so that their mates lead the rest to its place.
   *
   * @param share of all reads
   * @param startShare of these, with the end that is read first
   * @param lengths of that end
   */
  record Chimeras(double share, double startShare, WeightedChoice<Integer> lengths) {}

  private final double[] errors = new double[LEVELS];
  private final List<Range> ranges = new ArrayList<>();
  private final WeightedChoice<PairClass> pairClasses;
  private final WeightedChoice<Integer> unmappedClasses;
  private final WeightedChoice<Integer> inserts;
  private final List<WeightedChoice<ErrorRate>> errorRates;
  private final WeightedChoice<PairTags> firstRescuedTags;
  private final WeightedChoice<PairTags> secondRescuedTags;
  private final QualityContexts contexts;
  private final Lone lone;
  private final Chimeras chimeras;
  private final VariantModel.Rates variants;
  private final WeightedChoice<Integer> zeroQualities;
  private final Landscape landscape;
  private final RescuedReads rescued;
  private final WeightedChoice<Integer> badClasses;
  private final AlternativeHits.Shares elsewhere;
  private final WeightedChoice<AlternativeHits.Contig> contigs;
  private final WeightedChoice<Integer> differencesElsewhere;

  private FittedModel(List<String> lines) {
    var pairClass = new WeightedChoice.Builder<PairClass>();
    var unmappedClass = new WeightedChoice.Builder<Integer>();
    var insert = new WeightedChoice.Builder<Integer>();
    var errorRate =
        Stream.generate(() -> new WeightedChoice.Builder<ErrorRate>())
            .limit(2L * (ERROR_LEVELS.length + 1))
            .toList();
    var firstRescued = new WeightedChoice.Builder<PairTags>();
    var secondRescued = new WeightedChoice.Builder<PairTags>();
    var zeroQuality = new WeightedChoice.Builder<Integer>();
    var clip = new WeightedChoice.Builder<Integer>();
    var badClass = new WeightedChoice.Builder<Integer>();
    RescuedReads.Builder rescue = new RescuedReads.Builder();
    var contig = new WeightedChoice.Builder<AlternativeHits.Contig>();
    var elsewhereDifferences = new WeightedChoice.Builder<Integer>();
    QualityContexts.Builder context = new QualityContexts.Builder();
    Landscape.Builder windows = new Landscape.Builder();
    Map<String, Double> shares = new HashMap<>();
    int[] spacings = {};
    for (String line : lines) {
      String[] f = line.split(" ", -1);
      switch (f[0]) {
        case "cycles" -> context.cycles(number(f[1]));
        case "classes" -> context.classes(number(f[1]));
        case "band" -> context.bands(numbers(f));
        case "group" -> context.groups(numbers(f));
        case "pair" -> pairClass.add(new PairClass(number(f[1]), number(f[2])), number(f[3]));
        case "range" -> ranges.add(new Range(number(f[2]) / MILLION, number(f[3]) / MILLION));
        case "bad" -> badClass.add(number(f[1]), number(f[2]));
        case "unmapped" -> unmappedClass.add(number(f[1]), number(f[2]));
        case "error" -> errors[number(f[1])] = number(f[2]) / MILLION;
        case "error-rate" ->
            errorRate
                .get(errorTable(f[1].equals("1"), number(f[2])))
                .add(new ErrorRate(Double.parseDouble(f[3]), number(f[4])), number(f[5]));
        case "insert" -> insert.add(number(f[1]), number(f[2]));
        case "spacing" -> spacings = numbers(f);
        case "tags" -> {
          PairTags tags = new PairTags(MappingTags.parse(f[1]), MappingTags.parse(f[2]));
          (tags.first().isRescued() ? firstRescued : secondRescued).add(tags, number(f[3]));
        }
        case "zero-quality" -> zeroQuality.add(number(f[1]), number(f[2]));
        case "clip" -> clip.add(number(f[1]), number(f[2]));
        case "contig" -> {
          int lengthBp = number(f[2]);
          contig.add(new AlternativeHits.Contig(f[1], lengthBp), lengthBp);
        }
        case "landscape" -> windows.windows(number(f[1]));
        case "rescued" ->
            windows.addRescued(number(f[1]), number(f[2]), rescue(f[3]), number(f[4]));
        case "differences" ->
            rescue.add(
                rescue(f[1]),
                new RescuedReads.Differences(number(f[2]), number(f[3]), number(f[4])),
                number(f[5]));
        case "gap" -> rescue.addGap(f[1].equals("I") ? number(f[2]) : -number(f[2]), number(f[3]));
        case "hits" -> windows.addHits(number(f[1]), number(f[2]), hits(f), number(f[9]));
        case "elsewhere-nm" -> elsewhereDifferences.add(number(f[1]), number(f[2]));
        case "q" -> context.add(number(f[1]), number(f[2]), number(f[3]), number(f[4]), f[5]);
        case "share" -> shares.put(f[1], number(f[2]) / MILLION);
        default -> throw new IllegalStateException(RESOURCE + ": line '" + line + "'");
      }
    }
    pairClasses = pairClass.build();
    unmappedClasses = unmappedClass.build();
    inserts = insert.build();
    errorRates = errorRate.stream().map(WeightedChoice.Builder::build).toList();
    firstRescuedTags = firstRescued.build();
    secondRescuedTags = secondRescued.build();
    zeroQualities = zeroQuality.build();
    contexts = context.build();
    windows.crowdShare(share(shares, "crowd"));
    landscape = windows.build();
    rescued = rescue.build();
    badClasses = badClass.build();
    contigs = contig.build();
    differencesElsewhere = elsewhereDifferences.build();
    lone = new Lone(share(shares, "alone"), share(shares, "alone-second"));
    chimeras = new Chimeras(share(shares, "clip"), share(shares, "clip-start"), clip.build());
    // Reads of long ones are rescued: those of the landscape.
    variants =
        new VariantModel.Rates(
            VariantSpacing.counted(spacings),
            share(shares, "indel"),
            share(shares, "hom"),
            share(shares, "further"),
            false);
    elsewhere =
        new AlternativeHits.Shares(
            share(shares, "elsewhere-shared"),
            share(shares, "elsewhere-own"),
            share(shares, "elsewhere-gapped"));
  }

  private static Landscape.Rescue rescue(String name) {
    return Landscape.Rescue.valueOf(name.toUpperCase(Locale.ROOT));
  }

  private static Hits hits(String[] f) {
    return new Hits(
        number(f[3]), number(f[4]), number(f[5]), f[6].equals("1"), number(f[7]), f[8].equals("1"));
  }

  private static double share(Map<String, Double> shares, String name) {
    return Objects.requireNonNull(shares.get(name), name);
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

  /**
   * Whether reads of a class are as bad as this. Good ones may differ.
   *
   * @param promised share of its bases that are wrong by their qualities
   */
  boolean isOfClass(int readClass, double promised) {
    Range range = ranges.get(readClass);
    return range.most() < ERROR_LEVELS[0]
        ? promised < ERROR_LEVELS[0]
        : promised >= range.least() && promised <= range.most();
  }

  /**
   * How bad a read is: 0 for a good one.
   *
   * @param promised share of its bases that are wrong by their qualities
   */
  static int level(double promised) {
    int level = 0;
    while (level < ERROR_LEVELS.length && promised >= ERROR_LEVELS[level]) {
      level++;
    }
    return level;
  }

  ErrorRate drawErrorRate(boolean firstOfPair, int level, RandomStream random) {
    return errorRates.get(errorTable(firstOfPair, level)).draw(random);
  }

  private static int errorTable(boolean firstOfPair, int level) {
    return 2 * level + (firstOfPair ? 0 : 1);
  }

  Lone lone() {
    return lone;
  }

  Chimeras chimeras() {
    return chimeras;
  }

  VariantModel.Rates variants() {
    return variants;
  }

  Landscape landscape() {
    return landscape;
  }

  RescuedReads rescued() {
    return rescued;
  }

  AlternativeHits.Shares elsewhere() {
    return elsewhere;
  }

  /** As often as they are long. */
  WeightedChoice<AlternativeHits.Contig> contigs() {
    return contigs;
  }

  WeightedChoice<Integer> differencesElsewhere() {
    return differencesElsewhere;
  }

  /** MAPQ of a read that has several best hits while its mate has one. */
  int drawZeroQuality(RandomStream random) {
    return zeroQualities.draw(random);
  }

  PairClass drawPairClass(RandomStream random) {
    return pairClasses.draw(random);
  }

  /** Of reads of sequence that is hard to read. */
  int drawBadClass(RandomStream random) {
    return badClasses.draw(random);
  }

  int drawUnmappedClass(RandomStream random) {
    return unmappedClasses.draw(random);
  }

  int drawInsertBp(RandomStream random) {
    return inserts.draw(random) + random.nextInt(INSERT_STEP_BP);
  }

  /** For a pair of which one read was found by the other. */
  PairTags drawRescuedTags(boolean firstRescued, RandomStream random) {
    return (firstRescued ? firstRescuedTags : secondRescuedTags).draw(random);
  }

  QualityContexts contexts() {
    return contexts;
  }
}
