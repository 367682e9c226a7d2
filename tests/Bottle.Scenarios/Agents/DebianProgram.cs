using Bottle.Host.Processes;

namespace Bottle.Scenarios.Agents;

/// <summary>A program of a Debian package, for an engine of the test's own: fetched once into <c>artifacts/debian</c> by the machine's own apt sources, and installed nowhere. On Debian 12 it comes from the next release, as the engine does.</summary>
internal static class DebianProgram
{
    // Fetches as any user: nothing of apt's own state is read or written.
    private const string Fetch = """
        set -eu
        package=$1 target=$2 work=$(mktemp -d)
        trap 'rm -rf "$work"' EXIT
        . /etc/os-release
        suite=$VERSION_CODENAME; [ "${VERSION_ID:-99}" != 12 ] || suite=trixie
        mkdir -p "$work/sources" "$work/lists/partial" "$work/archives/partial" "$work/package"
        for file in /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list; do
          [ -s "$file" ] || continue
          sed "s/\b$VERSION_CODENAME\b/$suite/g" "$file" > "$work/sources/debian.${file##*.}"
          break
        done
        set -- -qq -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$work/sources" -o Dir::Etc::preferencesparts=/dev/null -o Dir::State::lists="$work/lists" -o Dir::State::status=/dev/null \
          -o Dir::Cache::archives="$work/archives" -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= -o APT::Sandbox::User=root -o Acquire::Languages=none -o Acquire::Retries=3 -o Debug::NoLocking=1
        apt-get "$@" update
        (cd "$work/package" && apt-get "$@" download "$package")
        mkdir -p "$(dirname "$target")"
        rm -rf "$target.half"
        dpkg-deb --extract "$work/package"/*.deb "$target.half"
        mv -T "$target.half" "$target"
        """;

    /// <summary>The path of a program, fetched when it is not there yet. Where Debian cannot be reached the test is skipped with the reason, or fails where an engine is required: a pipeline cannot pass by skipping.</summary>
    internal static async Task<string> PathAsync(string package, string program)
    {
        var folder = Path.Combine(Cake.Repository, "artifacts", "debian", package);
        if (!Directory.Exists(folder))
        {
            var fetched = await new CommandRunner().RunAsync(new Command("sh", "-c", Fetch, "sh", package, folder));
            if (!fetched.Succeeded) MachineNeeds.AreMissing($"the Debian package '{package}' cannot be fetched: {string.Join('\n', fetched.LastLines(5))}");
        }
        return Path.Combine(folder, program);
    }
}
