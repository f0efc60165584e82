// What ./nextflow runs once when it builds: the classes that this uses go into the archive every later run starts from.
process REHEARSE {
    input:
    val n

    output:
    path 'n.txt'

    script:
    """
    echo $n > n.txt
    """
}

workflow {
    REHEARSE(channel.of(1, 2)).map { file -> file.text.trim() }.collect().view()
}
