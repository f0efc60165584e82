process CHUNKS_DISTRIBUTE {
    tag "${meta.id}"
    label 'process_single'

    conda "${moduleDir}/environment.yml"

    input:
    tuple val(meta), path(plan), path(dataset)

    output:
    tuple val("${task.process}"), val('spawn-chunks'), eval("spawn-chunks --version"), topic: versions, emit: versions_spawnchunks

    when:
    task.ext.when == null || task.ext.when

    script:
    def args = task.ext.args ?: ''
    """
    # gang ${task.ext.gangKey ?: ''}
    spawn-chunks distribute \\
        ${args} \\
        --plan ${plan} \\
        ${dataset}
    """

    stub:
    """
    # gang ${task.ext.gangKey ?: ''}
    true
    """
}
