namespace Bottle.Benchmarks.Machine;

/// <summary>Installs the other contestants from the distribution's packages, and keeps their services from starting.</summary>
internal static class PackageInstaller
{
    private const string PolicyFile = "/usr/sbin/policy-rc.d";

    /// <summary>Says what it will do, then does it; packages that are there stay as they are.</summary>
    internal static void Install(params IReadOnlyList<string> packages)
    {
        Console.Error.WriteLine($"setup: apt-get install {string.Join(' ', packages)}; no service is started (a policy-rc.d that says no stands there meanwhile, unless one does already)");
        var isOurs = !File.Exists(PolicyFile);
        if (isOurs)
        {
            File.WriteAllText(PolicyFile, "#!/bin/sh\nexit 101\n");
            File.SetUnixFileMode(PolicyFile, (UnixFileMode)0b111_101_101);
        }
        try
        {
            Child.Run("/", "apt-get", "update", "-qq");
            Child.Run("/", "env", ["DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-y", "-qq", "--no-install-recommends", .. packages]);
        }
        finally
        {
            if (isOurs)
                File.Delete(PolicyFile);
        }
    }
}
