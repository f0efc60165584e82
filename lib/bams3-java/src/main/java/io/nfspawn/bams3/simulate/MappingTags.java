package io.nfspawn.bams3.simulate;

/**
 * What bwa aln says of one mapping apart from its place.
 *
 * @param mappingQuality MAPQ
 * @param kind tag XT: U unique, R repeat, M found by its mate
 * @param single tag SM: mapping quality of the read alone
 * @param pair tag AM: the lesser one of the pair
 * @param best tag X0: number of best hits, below 0 when there is no such tag
 * @param lesser tag X1: number of lesser hits, below 0 when there is no such tag
 * @param alternatives whether tag XA lists other hits
 */
record MappingTags(
    int mappingQuality,
    char kind,
    int single,
    int pair,
    int best,
    int lesser,
    boolean alternatives) {

  /** From a line of the fitted model: {@code 60,U,37,37,1,0,0}, {@code -} for what is absent. */
  static MappingTags parse(String text) {
    String[] fields = text.split(",", -1);
    return new MappingTags(
        Integer.parseInt(fields[0]),
        fields[1].charAt(0),
        Integer.parseInt(fields[2]),
        Integer.parseInt(fields[3]),
        count(fields[4]),
        count(fields[5]),
        fields[6].equals("1"));
  }

  /** Of a read that aligned by itself. */
  static MappingTags of(Hits hits, int mappingQuality, int single, int pair) {
    return new MappingTags(
        mappingQuality,
        hits.best() == 1 ? 'U' : 'R',
        single,
        pair,
        hits.best(),
        hits.lesser(),
        hits.listed() > 0);
  }

  private static int count(String field) {
    return field.equals("-") ? -1 : Integer.parseInt(field);
  }

  boolean isRescued() {
    return kind == 'M';
  }
}
