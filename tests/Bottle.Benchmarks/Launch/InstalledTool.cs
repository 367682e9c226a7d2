using Bottle.Benchmarks.Machine;

namespace Bottle.Benchmarks.Launch;

/// <summary>The <c>bottle</c> tool as a user gets it: packed from this clone and installed from a local folder.</summary>
internal static class InstalledTool
{
    /// <summary>Packs and installs it, and returns the program.</summary>
    internal static string Install(Workspace workspace)
    {
        var (packages, installed) = (workspace.Folder("packages"), workspace.Folder("tool"));
        Console.Error.WriteLine("packing and installing the tool …");
        Child.Run(SidecarBinary.RepositoryRoot(), "dotnet", "pack", "src/Bottle.Cli", "-c", "Release", "-o", packages, "-p:BottlePacking=true", "-v:q", "-nologo", "-tl:off");
        Child.Run(installed, "dotnet", "tool", "install", "Bottle.Tool", "--tool-path", installed, "--source", packages);
        return Path.Combine(installed, "bottle");
    }
}
