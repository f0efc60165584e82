process BAMS3_CONVERT {
    tag "${meta.id}"
    label 'process_low'

    conda "${moduleDir}/environment.yml"

    input:
    tuple val(meta), path(alignment)
    tuple val(meta2), path(fasta), path(fai)

    output:
    tuple val(meta), path("*.bams3"), emit: dataset
    tuple val("${task.process}"), val('bams3'), eval("bams3 --version"), topic: versions, emit: versions_bams3

    when:
    task.ext.when == null || task.ext.when

    script:
    def args = task.ext.args ?: ''
    def prefix = task.ext.prefix ?: "${meta.id}"
    // BAM and SAM carry their reference in MD; bases from the FASTA would save half a percent, and take its index too.
    def reference = fasta && "${alignment}".endsWith('.cram') ? "--reference ${fasta}" : ''
    """
    bams3 convert \\
        ${args} \\
        --threads ${task.cpus} \\
        ${reference} \\
        ${alignment} \\
        ${prefix}.bams3
    """

    stub:
    def prefix = task.ext.prefix ?: "${meta.id}"
    """
    mkdir ${prefix}.bams3
    touch ${prefix}.bams3/manifest.json
    """
}
