using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Host.State;

namespace Bottle.Host.Workspaces;

/// <summary>Whether a directory may be given to an agent at all.</summary>
public static class WorkspaceDirectory
{
    private static readonly string[] Obeyed =
    [
        ".git", ".gitmodules", ".github", ".gitlab", ".gitlab-ci.yml", ".circleci", ".ci", ".husky", ".githooks", ".pre-commit-config.yaml", "lefthook.yml", ".lefthook",
        ".vscode", ".idea", ".vs", ".fleet", ".zed", ".devcontainer", ".devcontainer.json", ".run", ".editorconfig", ".dir-locals.el", ".vimrc", ".exrc", ".nvim.lua",
        ".envrc", ".env", ".tool-versions", "mise.toml", ".mise.toml", ".mcp.json", ".claude", ".codex", ".cursor", ".gemini",
        ".npmrc", ".yarnrc", ".yarnrc.yml", ".yarn", ".pnpmfile.cjs", ".cargo", ".mvn", ".bazelrc", ".config", "Jenkinsfile",
        "Directory.Build.props", "Directory.Build.targets", "Directory.Build.rsp", "Directory.Packages.props", "Directory.Solution.props", "Directory.Solution.targets", "NuGet.config", "nuget.config", "NuGet.Config", "global.json",
    ];

    /// <summary>Checks a full path.</summary>
    /// <exception cref="BottleException">BTL5501: it is no directory. BTL5502: it holds more than a project.</exception>
    public static void Check(string directory)
    {
        if (NativeFile.Look(directory) is not { IsDirectory: true })
            throw new BottleException(WorkspaceErrors.NotADirectory(directory));
        if (Reason(Path.TrimEndingDirectorySeparator(directory)) is { } reason)
            throw new BottleException(WorkspaceErrors.DirectoryRefused(directory, reason));
    }

    /// <summary>Who owns a directory.</summary>
    public static int? Owner(string directory) => NativeFile.Look(directory)?.UserId;

    /// <summary>
    /// What of a mounted directory the agent can only read: git's own folder, which is a program in many ways (hooks, configuration, a commondir file), and at the top what editors, shells, package managers and
    /// builds of this machine obey. Only what is there: nothing is made in the operator's directory.
    /// </summary>
    public static IReadOnlyList<string> ProtectedPaths(string directory) =>
        [.. Obeyed.Where(name => NativeFile.Look(Path.Combine(directory, name)) is { IsLink: false }).Order(StringComparer.Ordinal)];

    private static string? Reason(string directory)
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        if (directory is "/" or "/etc" or "/usr" or "/var" or "/home" or "/root" or "/opt" or "/tmp" or "/proc" or "/sys" or "/dev" or "/boot" or "/run")
            return "it is a folder of the system";
        if (home.Length > 0 && (directory == home || home.StartsWith(directory + "/", StringComparison.Ordinal)))
            return "your home directory lies in it";
        var bottle = BottleHome.FromEnvironment().Root;
        if (bottle == directory || bottle.StartsWith(directory + "/", StringComparison.Ordinal) || directory.StartsWith(bottle + "/", StringComparison.Ordinal))
            return "Bottle's own home lies in it";
        return Path.GetFileName(directory) is ".git" or ".ssh" or ".gnupg" or ".aws" ? "it is no project" : null;
    }
}
