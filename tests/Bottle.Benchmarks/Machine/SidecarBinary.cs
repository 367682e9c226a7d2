namespace Bottle.Benchmarks.Machine;

/// <summary>Publishes the sidecar as its image has it.</summary>
internal static class SidecarBinary
{
    /// <summary>Publishes src/Bottle.Egress (Release, linux-x64, with the project's own publish settings) into a folder and returns the executable.</summary>
    internal static string Publish(string folder)
    {
        var root = RepositoryRoot();
        Console.Error.WriteLine("publishing src/Bottle.Egress …");
        Child.Run(root, "dotnet", "publish", "src/Bottle.Egress", "-c", "Release", "-r", "linux-x64", "-o", folder, "-v:q", "-nologo", "-tl:off");
        return Path.Combine(folder, "egress");
    }

    /// <summary>The folder of the repository that this program was built in.</summary>
    internal static string RepositoryRoot()
    {
        for (var at = AppContext.BaseDirectory; at is not null; at = Path.GetDirectoryName(at))
        {
            if (File.Exists(Path.Combine(at, "Bottle.slnx")))
                return at;
        }
        throw new InvalidOperationException("the benchmark does not run from inside the repository; name the sidecar with --egress FILE");
    }
}
