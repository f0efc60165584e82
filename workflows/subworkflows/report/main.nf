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

def percent(fraction) {
    return fraction == null ? '       -' : String.format(Locale.ROOT, '%7.2f%%', fraction * 100)
}
