//
// --input to samples: an alignment file, a BAMS3 dataset, or a samplesheet CSV.
//

include { checkRegionsInSample } from '../contigs/main'

workflow SAMPLES {
    take:
    input   // what the user typed after --input
    regions // path of a BED, or []

    main:
    def given = samplesOf(file(input), "${input}")
    if (regions) {
        given.each { _meta, path -> checkRegionsInSample(regions, path) }
    }
    samples = channel.fromList(given)
        .branch { meta, alignment ->
            dataset: alignment.isDirectory()
            alignment: true
        }

    emit:
    dataset = samples.dataset
    alignment = samples.alignment
}

def samplesOf(path, typed) {
    if (path instanceof List) {
        error("--input ${typed} names ${path.size()} files; give one file, or a samplesheet CSV with the columns sample,alignment")
    }
    if (!path.exists()) {
        error("--input ${typed} does not exist; give an alignment file (BAM, SAM, CRAM), a BAMS3 dataset or a samplesheet CSV")
    }
    return path.name.endsWith('.csv') ? sheetRows(path) : [[[id: sampleId(path)], checked(path, '--input')]]
}

def sheetRows(csv) {
    def lines = csv.readLines().withIndex(1).findAll { line, _n -> line.trim() }
    if (!lines) {
        error("samplesheet ${csv.name} is empty; its first line must be: sample,alignment")
    }
    def columns = lines[0][0].split(',', -1).collect { it.trim() }
    def missing = ['sample', 'alignment'] - columns
    if (missing) {
        error("samplesheet ${csv.name} lacks the column ${missing.join(' and ')}; its first line must name the columns sample,alignment (found: ${columns.join(',')})")
    }
    def rows = lines.drop(1).collect { line, n -> sheetRow(csv, columns, line, n) }
    if (!rows) {
        error("samplesheet ${csv.name} names no sample; add a line such as: NA12878,NA12878.bam")
    }
    rows.groupBy { row -> row[0].id }.each { id, same ->
        if (same.size() > 1) {
            error("samplesheet ${csv.name} names the sample ${id} ${same.size()} times; give each line a name of its own")
        }
    }
    return rows
}

def sheetRow(csv, columns, line, n) {
    def cells = line.split(',', -1).collect { it.trim() }
    if (cells.size() != columns.size()) {
        error("samplesheet ${csv.name} line ${n} has ${cells.size()} cells, its header ${columns.size()}: ${line}")
    }
    def row = [columns, cells].transpose().collectEntries()
    if (!(row.sample ==~ /[A-Za-z0-9][A-Za-z0-9._-]*/)) {
        error("samplesheet ${csv.name} line ${n}: sample name '${row.sample}' must be of letters, digits, dots, dashes and underscores")
    }
    // relative paths are relative to the samplesheet
    def path = row.alignment =~ /^([a-z0-9]+:\/)?\// ? file(row.alignment) : csv.parent.resolve(row.alignment)
    return [[id: row.sample], checked(path, "samplesheet ${csv.name} line ${n}")]
}

def checked(path, where) {
    if (!path.exists()) {
        error("${where}: ${path} does not exist")
    }
    if (!java.nio.file.Files.isReadable(path)) {
        error("${where}: ${path} cannot be read; check its permissions")
    }
    if (path.isDirectory() && !path.resolve('manifest.json').exists()) {
        error("${where}: ${path} is a directory without a manifest.json, so not a (complete) BAMS3 dataset; convert the alignments again")
    }
    return path
}

def sampleId(path) {
    return path.name.replaceFirst(/\.(bam|cram|sam|bams3)$/, '')
}
