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
    def head = path.withInputStream { stream -> stream.readNBytes(14) }.encodeHex().toString()
    return head ==~ /1f8b08[0-9a-f][4-7c-f].{16}4243/
}
