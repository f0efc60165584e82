process CHUNKS_MERGE {
    tag "${meta.id}"
    label 'process_single'

    conda "${moduleDir}/environment.yml"

    input:
    tuple val(meta), path(plan)

    output:
    tuple val(meta), path("*.vcf.gz"), path("*.vcf.gz.{tbi,csi}"), emit: vcf
    tuple val(meta), path("*.merge_stats.json"), emit: receipt
    tuple val("${task.process}"), val('spawn-chunks'), eval("spawn-chunks --version"), topic: versions, emit: versions_spawnchunks

    when:
    task.ext.when == null || task.ext.when

    script:
    def args = task.ext.args ?: ''
    def prefix = task.ext.prefix ?: "${meta.id}"
    """
    # gang ${task.ext.gangKey ?: ''}
    spawn-chunks merge \\
        ${args} \\
        --plan ${plan} \\
        -o ${prefix}.vcf.gz
    """

    stub:
    def prefix = task.ext.prefix ?: "${meta.id}"
    """
    # gang ${task.ext.gangKey ?: ''}
    touch ${prefix}.vcf.gz.tbi ${prefix}.merge_stats.json
    echo | gzip > ${prefix}.vcf.gz
    """
}
