namespace Bottle.Contracts.Git;

/// <summary>Which paths of a repository make other machines run something when they get it: CI workflows, submodules, hooks, editor tasks, package managers' configuration (SPEC H6).
/// What runs only when a person builds or starts the project is not listed: that is the code itself. Names are compared without case, because some file systems and services do.</summary>
public static class RunsElsewhere
{
    private static readonly string[] Folders =
    [
        ".github/workflows/", ".github/actions/", ".gitlab/", ".gitlab-ci/", ".gitea/workflows/", ".forgejo/workflows/", ".woodpecker/", ".circleci/", ".buildkite/",
        ".teamcity/", ".azure-pipelines/", ".tekton/", ".semaphore/", ".builds/", ".zuul.d/", ".drone/", ".ci/", ".husky/", ".githooks/", ".git-hooks/", ".lefthook/",
        ".devcontainer/", ".vscode/", ".idea/runConfigurations/", ".yarn/plugins/", ".yarn/releases/",
    ];

    // In any folder: tools look for them upwards or in every package of a repository.
    private static readonly HashSet<string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        ".gitmodules", ".gitconfig", ".lfsconfig", ".gitlab-ci.yml", ".travis.yml", ".drone.yml", ".drone.star", ".cirrus.yml", ".cirrus.star", ".build.yml", ".zuul.yaml", "zuul.yaml",
        "appveyor.yml", ".appveyor.yml", "azure-pipelines.yml", "azure-pipelines.yaml", "bitbucket-pipelines.yml", "bitrise.yml", "buildspec.yml", "buildspec.yaml", "cloudbuild.yaml", "cloudbuild.yml",
        "codemagic.yaml", "wercker.yml", "netlify.toml", "vercel.json", ".woodpecker.yml", ".woodpecker.yaml", "Jenkinsfile", "dependabot.yml", "action.yml", "action.yaml", "CODEOWNERS",
        ".pre-commit-config.yaml", ".pre-commit-hooks.yaml", "lefthook.yml", "lefthook.yaml", ".lefthook.yml", "lefthook-local.yml", ".huskyrc", ".huskyrc.json", ".lintstagedrc", ".simple-git-hooks.json", ".overcommit.yml",
        ".envrc", ".npmrc", ".yarnrc", ".yarnrc.yml", ".pnpmfile.cjs", ".devcontainer.json", ".mcp.json", "mise.toml", ".mise.toml",
    };

    /// <summary>Whether a change, addition or removal of this path (slashes, no leading one) changes what other machines run.</summary>
    public static bool Is(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var name = path[(path.LastIndexOf('/') + 1)..];
        return Names.Contains(name)
            || name.StartsWith("Jenkinsfile", StringComparison.OrdinalIgnoreCase)
            || Folders.Any(folder => path.StartsWith(folder, StringComparison.OrdinalIgnoreCase) || path.Contains("/" + folder, StringComparison.OrdinalIgnoreCase))
            || IsAgentSetting(path);
    }

    /// <summary>Whether a path is a package file whose scripts decide (<see cref="PackageScripts"/>).</summary>
    public static bool IsPackage(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return string.Equals(path[(path.LastIndexOf('/') + 1)..], "package.json", StringComparison.OrdinalIgnoreCase);
    }

    // Hooks of coding agents run commands on the machine of whoever opens the repository with one.
    private static bool IsAgentSetting(string path) =>
        path.EndsWith(".claude/settings.json", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".claude/settings.local.json", StringComparison.OrdinalIgnoreCase)
        || path.StartsWith(".claude/hooks/", StringComparison.OrdinalIgnoreCase) || path.Contains("/.claude/hooks/", StringComparison.OrdinalIgnoreCase);
}
