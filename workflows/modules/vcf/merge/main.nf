process VCF_MERGE {
    tag "${meta.id}"
    label 'process_single'

    conda "${moduleDir}/environment.yml"

    input:
    tuple val(meta), path(vcfs, stageAs: 'chunks/?/*'), path(plan)

    output:
    tuple val(meta), path("*.vcf.gz"), emit: vcf
    tuple val(meta), path("*.vcf.gz.{tbi,csi}"), emit: index
    tuple val(meta), path("*.merge_stats.json"), emit: stats
    tuple val("${task.process}"), val('vcf-merge'), eval("vcf-merge --version | sed 's/vcf-merge //'"), topic: versions, emit: versions_vcfmerge

    when:
    task.ext.when == null || task.ext.when

    script:
    def args = task.ext.args ?: ''
    def prefix = task.ext.prefix ?: "${meta.id}"
    def planned = plan ? "--plan ${plan}" : ''
    // A list instead of arguments: thousands of chunks do not fit on a command line.
    """
    find -L chunks -type f \\( -name '*.vcf' -o -name '*.vcf.gz' \\) | sort > chunks.txt

    vcf-merge \\
        ${args} \\
        ${planned} \\
        --sample ${quoted(meta.id)} \\
        --threads ${task.cpus} \\
        --files chunks.txt \\
        -o ${prefix}.vcf.gz
    """

    stub:
    def prefix = task.ext.prefix ?: "${meta.id}"
    """
    echo '' | gzip > ${prefix}.vcf.gz
    touch ${prefix}.vcf.gz.tbi
    echo '{}' > ${prefix}.merge_stats.json
    """
}

// As one word of the shell, whatever is in it.
def quoted(text) {
    return "'" + text.toString().replace("'", "'\\''") + "'"
}
