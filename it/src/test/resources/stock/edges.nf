// Single cases, chosen by --what.
process TOO_MUCH_MEMORY {
    memory '900 TB'

    script:
    """
    true
    """
}

process ARRAY {
    array 5

    input:
    val number

    script:
    """
    true
    """
}

process CONTAINED {
    container 'ubuntu:24.04'
    containerOptions '--read-only'
    errorStrategy 'ignore'
    cpus 1
    memory '100 MB'

    input:
    path text

    script:
    """
    cat ${text}
    """
}

process STUBBED {
    publishDir params.outdir, mode: 'copy'

    output:
    path 'stub.txt'

    script:
    """
    exit 1
    """

    stub:
    """
    echo stub > stub.txt
    """
}

workflow {
    if (params.what == 'memory') {
        TOO_MUCH_MEMORY()
    }
    else if (params.what == 'array') {
        ARRAY(channel.of(1..5))
    }
    else if (params.what == 'container') {
        CONTAINED(file("${projectDir}/edges.nf"))
    }
    else {
        STUBBED()
    }
}
