//
// Contigs of reference, alignments and regions must fit: said before any work, where an index or a header tells.
// CHUNKS_PLAN finds what they do not tell.
//

// Refuses alignments whose index tells of mapped records that the reference has no place for; warns of contigs without.
def checkContigs(alignment, fasta, fai) {
    def lengths = lengthsOf(fai)
    mappedContigs(alignment).each { name, length ->
        if (!lengths.containsKey(name)) {
            error("reference ${fasta} lacks contig '${name}', which has mapped records in ${alignment}${namingHint(name, lengths.keySet())}")
        }
        if (lengths[name] != length) {
            error("contig '${name}' is ${length} bases long in ${alignment} but ${lengths[name]} in reference ${fasta}; give the reference that the reads were aligned to")
        }
    }
    warnOfLackingContigs(alignment, fasta, lengths.keySet())
}

// What an index tells of alignments, a manifest tells CHUNKS_PLAN at once: here the warning is left.
def checkContigsOfDataset(dataset, fasta, fai) {
    warnOfLackingContigs(dataset, fasta, lengthsOf(fai).keySet())
}

def warnOfLackingContigs(path, fasta, present) {
    def names = headerContigs(headerOf(path)).keySet()
    def lacking = names - present
    if (lacking) {
        log.warn("reference ${fasta.name} lacks ${lacking.size()} of the ${names.size()} contigs of ${path.name} (${lacking.take(3).join(', ')}${lacking.size() > 3 ? ' …' : ''}); that is no fault as long as no record is mapped to them")
    }
}

// Refuses a BED that names contigs which the reference lacks.
def checkRegionsInReference(regions, fasta, fai) {
    checkRegions(regions, "reference ${fasta}", lengthsOf(fai).keySet())
}

// Refuses a BED that names contigs which the alignment file or dataset lacks.
def checkRegionsInSample(regions, path) {
    def names = headerContigs(headerOf(path)).keySet()
    if (names) {
        checkRegions(regions, "${path}", names)
    }
}

def checkRegions(regions, place, names) {
    regionContigs(regions).each { name, line ->
        if (!(name in names)) {
            error("--regions ${regions} line ${line}: contig '${name}' is not in ${place}${namingHint(name, names)}")
        }
    }
}

// Contigs of a BED, gzipped or not, each with the line that names it first.
def regionContigs(regions) {
    def lines = regions.withInputStream { stream ->
        (regions.name.endsWith('.gz') ? new java.util.zip.GZIPInputStream(stream) : stream).readLines()
    }
    def first = [:]
    lines.eachWithIndex { line, n ->
        if (line.trim() && !(line ==~ /(#|track|browser).*/)) {
            first.putIfAbsent(line.tokenize()[0], n + 1)
        }
    }
    return first
}

// Name to length, as text.
def lengthsOf(fai) {
    return fai.readLines().collectEntries { line -> line.tokenize('\t').with { cells -> [cells[0], cells[1]] } }
}

// Name to length of the contigs that have mapped records, as the index beside the file tells; empty without one.
def mappedContigs(alignment) {
    def stem = alignment.resolveSibling("${alignment.baseName}.bai")
    if (alignment.name.endsWith('.bam') && (hasBeside(alignment, 'bai') || hasBeside(alignment, 'csi') || stem.exists())) {
        return tableOf(['samtools', 'idxstats', "${alignment}"])
            .findAll { cells -> cells.size() == 4 && cells[2] != '0' }
            .collectEntries { cells -> [cells[0], cells[1]] }
    }
    if (alignment.name.endsWith('.cram') && hasBeside(alignment, 'crai')) {
        // CRAM index (gzip): its first column numbers the contig of a slice, -1 for unplaced reads
        def used = tableOf(['gzip', '-dc', "${alignment}.crai"]).collect { cells -> cells[0] }.toSet()
        def contigs = headerContigs(headerOf(alignment))
        return contigs.keySet().withIndex().findAll { _name, n -> "${n}".toString() in used }.collectEntries { name, _n -> [name, contigs[name]] }
    }
    return [:]
}

// The SAM header of an alignment file or dataset, in cells.
def headerOf(path) {
    return tableOf(path.isDirectory() ? ["${projectDir}/bin/bams3", 'head', "${path}"] : ['samtools', 'view', '-H', "${path}"])
}

// Name to length of the @SQ lines, in order.
def headerContigs(lines) {
    return lines
        .findAll { cells -> cells[0] == '@SQ' }
        .collectEntries { cells -> ['SN:', 'LN:'].collect { tag -> cells.find { cell -> cell.startsWith(tag) }.substring(3) } }
}

def hasBeside(path, suffix) {
    return path.resolveSibling("${path.name}.${suffix}").exists()
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
    if (other in present) {
        return "; it has '${other}': one names contigs chr1, chr2 …, the other 1, 2 …; use files with the same names"
    }
    def similar = present.find { known -> known.equalsIgnoreCase(name) }
    return similar
        ? "; did you mean '${similar}'?"
        : "; it has ${present.take(3).join(', ')}${present.size() > 3 ? " and ${present.size() - 3} more" : ''}"
}
