namespace Bottle.Benchmarks.Git;

/// <summary>One thing that an agent does with git: what is prepared untimed, what is timed, and the bound on the ratio to the same over ssh; that of the clone is our own.</summary>
/// <param name="Name">Its name in the table.</param>
/// <param name="Prepare">A script in the working copy.</param>
/// <param name="Command">The timed part; <c>$URL</c> is the address of the repository of 10,000 files.</param>
/// <param name="Must">The bound.</param>
internal sealed record GitCase(string Name, string Prepare, string Command, double Must)
{
    private const string TenThousandFiles = "rm -rf m; mkdir m; for i in $(seq 10000); do echo \"$RANDOM $RANDOM line $i of a file\" > m/$i; done; git add m; git commit -qm m";

    internal static IReadOnlyList<GitCase> All { get; } =
    [
        new("small push", "echo $RANDOM$RANDOM > f; git add f; git commit -qm f", "git push -q origin HEAD:agent/$WHO", 2.0),
        new("no-op fetch", "true", "git fetch -q origin", 1.2),
        new("push of 10,000 objects", TenThousandFiles, "git push -q origin HEAD:agent/$WHO", 1.5),
        new("clone of 10,000 objects", "rm -rf ../c", "git clone -q $URL ../c", 1.5),
    ];
}
