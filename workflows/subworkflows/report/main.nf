//
// What a run made, in words.
//

// One entry a sample: [meta, vcf, index, receipt] and, for the demo, the accuracy JSON.
def reportOf(results, accuracies, outdir, stages) {
    def lines = []
    results.toSorted { result -> result[0].id }.each { meta, vcf, index, receipt ->
        def folder = "${outdir}/${meta.id}"
        def totals = new groovy.json.JsonSlurper().parse(receipt).totals
        lines << ''
        lines << "${meta.id}: ${totals.records} variants from ${totals.merged} of ${totals.expected} work items"
        lines << "  VCF      ${folder}/${vcf.name}"
        lines << "  index    ${folder}/${index.name}"
        lines << "  receipt  ${folder}/${receipt.name}"
    }
    accuracies.each { _meta, json ->
        def found = new groovy.json.JsonSlurper().parse(json)
        lines << ''
        lines << '            precision   recall  (against the simulated truth, variants normalised)'
        lines << "  SNVs      ${percent(found.snv.precision)}  ${percent(found.snv.recall)}"
        lines << "  indels    ${percent(found.indel.precision)}  ${percent(found.indel.recall)}"
    }
    return (lines + ['', stages]).join('\n')
}

// A copy into outdir that failed half-way (disk full) leaves files under final names: takes the sample's results out
// again and says so. All of them are whole in the work directory.
def withdrawIncomplete(error, outdir) {
    // Nextflow tries to publish several times and wraps the last failure
    def fault = error?.cause instanceof java.nio.file.FileSystemException ? error.cause : error
    if (!(fault instanceof java.nio.file.FileSystemException)) {
        return
    }
    def target = [fault.otherFile, fault.file].findAll().collect { name -> file(name) }.find { path -> path.startsWith(outdir) }
    if (target == null || outdir.relativize(target).nameCount < 2) {
        return
    }
    def id = outdir.relativize(target).getName(0)
    def results = ['bams3', 'vcf.gz', 'vcf.gz.tbi', 'vcf.gz.csi', 'merge_stats.json', 'accuracy.json']
    results.collect { suffix -> outdir.resolve("${id}/${id}.${suffix}") }.each { path ->
        path.isDirectory() ? path.deleteDir() : path.delete()
    }
    // Nextflow's console takes no more errors when the last task was done before the fault; its log does
    def message = "${outdir}: ${fault.reason ?: fault}; removed the incomplete results of ${id} there. Free space, then run again with -resume: what was done is kept"
    log.debug(message)
    System.err.println("ERROR ~ ${message}")
}

def percent(fraction) {
    return fraction == null ? '       -' : String.format(Locale.ROOT, '%7.2f%%', fraction * 100)
}
