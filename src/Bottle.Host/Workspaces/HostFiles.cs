using System.Text;
using System.Text.RegularExpressions;
using Bottle.Contracts.Git;

namespace Bottle.Host.Workspaces;

/// <summary>
/// Which changes make the operator's machine, or another one, run something without being asked: hooks, CI workflows, editor tasks, direnv, package managers' install scripts, and what MSBuild evaluates
/// whenever an editor opens a project. They come home only when they are named.
/// </summary>
internal static partial class HostFiles
{
    /// <summary>How much of a file is judged; a larger one counts as running something.</summary>
    public const int MostRead = 1024 * 1024;

    private static readonly HashSet<string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        "Directory.Build.props", "Directory.Build.targets", "Directory.Build.rsp", "Directory.Solution.props", "Directory.Solution.targets", "MSBuild.rsp", "nuget.config", "dotnet-tools.json", "global.json",
        ".gdbinit", ".lldbinit", ".vimrc", ".exrc", ".nvimrc", ".nvim.lua", ".dir-locals.el", ".projectile", ".bashrc", ".profile", ".zshrc", ".zshenv", ".bash_profile",
        "gradle-wrapper.properties", "gradle-wrapper.jar", "maven-wrapper.properties", "extensions.xml", "jvm.config", "conftest.py", "sitecustomize.py", "usercustomize.py", "pip.conf", ".condarc", ".tool-versions", "rust-toolchain.toml",
        ".bazelrc", "cmakepresets.json", "cmakeuserpresets.json", ".sublime-project", "workspace.xml", ".rtx.toml", "devbox.json", "flake.nix", "shell.nix",
    };

    private static readonly string[] Folders = [".fleet/", ".zed/", ".nova/", ".cargo/", ".mvn/", ".config/mise/", ".codex/", ".cursor/", ".gemini/", ".idea/", ".vs/", ".run/"];

    private static readonly string[] Projects = [".csproj", ".fsproj", ".vbproj", ".proj", ".props", ".targets", ".shproj", ".vcxproj", ".sqlproj", ".esproj", ".csproj.user", ".code-workspace", ".sublime-project"];

    /// <summary>Why a change is left out, or null. The contents are asked for only where they decide; null is a file that is not there, or one that is larger than <see cref="MostRead"/>.</summary>
    public static string? Reason(string path, Func<byte[]?> before, Func<byte[]?> now)
    {
        var name = Path.GetFileName(path);
        if (RunsElsewhere.Is(path))
            return "whoever gets or opens it runs it";
        if (Names.Contains(name) || Folders.Any(folder => path.StartsWith(folder, StringComparison.OrdinalIgnoreCase) || path.Contains("/" + folder, StringComparison.OrdinalIgnoreCase)))
            return "tools on this machine run or obey it";
        if (RunsElsewhere.IsPackage(path) && PackageScripts.Differ(before(), now()))
            return "its install scripts run";
        return Projects.Any(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) && BuildSteps(before()) != BuildSteps(now()) ? "its build steps run, also when an editor opens it" : null;
    }

    // What evaluates or runs something beside the usual items and references.
    private static string BuildSteps(byte[]? content) =>
        content is null ? "" : content.Length > MostRead ? "too large to judge" : string.Join('\n', Step().Matches(Encoding.UTF8.GetString(content)).Select(match => match.Value));

    [GeneratedRegex("<(?:Target|Exec|Import|UsingTask|Sdk|Task|Message|Copy|Delete|WriteLinesToFile|DownloadFile|CallTarget|MSBuild)\\b[^>]*>|\\$\\(\\[|\\$\\(\\[?System\\.|<(?:Pre|Post)BuildEvent>[^<]*|InitialTargets=\"[^\"]*\"|Sdk=\"[^\"]*\"|\"(?:tasks|launch)\"\\s*:", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Step();
}
