//
// --fasta to the reference with its indexes; makes the index when it is absent.
//

include { SAMTOOLS_FAIDX } from '../../modules/samtools/faidx/main'

workflow REFERENCE {
    take:
    fasta // path

    main:
    checkReference(fasta)
    def fai = fasta.resolveSibling("${fasta.name}.fai")
    def gzi = fasta.resolveSibling("${fasta.name}.gzi")
    def bgzipped = fasta.name.endsWith('.gz')
    def meta = [id: fasta.baseName]
    if (fai.exists() && (!bgzipped || gzi.exists())) {
        reference = channel.value([meta, fasta, fai, bgzipped ? gzi : []])
    }
    else {
        SAMTOOLS_FAIDX(channel.value([meta, fasta]))
        reference = SAMTOOLS_FAIDX.out.fai
            .join(SAMTOOLS_FAIDX.out.gzi, remainder: true)
            .map { id, index, blocks -> [id, fasta, index, blocks ?: []] }
            .first()
    }

    emit:
    reference // [meta, fasta, fai, gzi or []]
}

def checkReference(fasta) {
    if (!fasta.exists()) {
        error("--fasta ${fasta} does not exist")
    }
    if (fasta.name.endsWith('.gz') && !isBgzf(fasta)) {
        error("--fasta ${fasta} is gzipped but not BGZF, so it cannot be read at random; run: gunzip ${fasta.name} && bgzip ${fasta.baseName}")
    }
}

// SAM specification, section 4.1: a BGZF block is a gzip member with the extra field BC.
def isBgzf(path) {
    def head = new byte[14]
    path.withInputStream { stream -> stream.readNBytes(head, 0, head.length) }
    return head[0] == (byte) 0x1f && head[1] == (byte) 0x8b && (head[3] & 4) && head[12] == (byte) 'B' && head[13] == (byte) 'C'
}

// Refuses, before any work, alignments whose index tells of mapped records that the reference has no place for.
// Without an index CHUNKS_PLAN finds the same.
def checkContigs(alignment, fasta, fai) {
    def lengths = fai.readLines().collectEntries { line -> line.tokenize('\t').with { cells -> [cells[0], cells[1]] } }
    mappedContigs(alignment).each { name, length ->
        if (!lengths.containsKey(name)) {
            error("reference ${fasta} lacks contig '${name}', which has mapped records in ${alignment}${namingHint(name, lengths.keySet())}")
        }
        if (lengths[name] != length) {
            error("contig '${name}' is ${length} bases long in ${alignment} but ${lengths[name]} in reference ${fasta}; give the reference that the reads were aligned to")
        }
    }
}

// Name to length of the contigs that have mapped records, as the index beside the file tells; empty without one.
def mappedContigs(alignment) {
    def beside = { suffix -> alignment.resolveSibling("${alignment.name}.${suffix}").exists() }
    def stem = alignment.resolveSibling("${alignment.baseName}.bai")
    if (alignment.name.endsWith('.bam') && (beside('bai') || beside('csi') || stem.exists())) {
        return tableOf(['samtools', 'idxstats', "${alignment}"])
            .findAll { cells -> cells.size() == 4 && cells[2] != '0' }
            .collectEntries { cells -> [cells[0], cells[1]] }
    }
    if (alignment.name.endsWith('.cram') && beside('crai')) {
        // CRAM index (gzip): its first column numbers the contig of a slice, -1 for unplaced reads
        def used = tableOf(['gzip', '-dc', "${alignment}.crai"]).collect { cells -> cells[0] }.toSet()
        return tableOf(['samtools', 'view', '-H', "${alignment}"])
            .findAll { cells -> cells[0] == '@SQ' }
            .withIndex()
            .findAll { _cells, n -> "${n}".toString() in used }
            .collectEntries { cells, _n -> ['SN:', 'LN:'].collect { tag -> cells.find { it.startsWith(tag) }.substring(3) } }
    }
    return [:]
}

// What a program prints, in cells; nothing when it fails: the conversion will say why.
def tableOf(command) {
    def process = command.execute()
    def out = new StringBuilder()
    process.waitForProcessOutput(out, new StringBuilder())
    return process.exitValue() == 0 ? out.readLines().collect { line -> line.split('\t').toList() } : []
}

// The advice that most people need: chr1 or 1.
def namingHint(name, present) {
    def other = name.startsWith('chr') ? name.substring(3) : "chr${name}".toString()
    return other in present
        ? "; it has '${other}': one names contigs chr1, chr2 …, the other 1, 2 …; use files with the same names"
        : "; it has ${present.take(3).join(', ')}${present.size() > 3 ? " and ${present.size() - 3} more" : ''}"
}
