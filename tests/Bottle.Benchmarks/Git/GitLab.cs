using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Bottle.Contracts.Git;
using Bottle.Host.Images;
using Bottle.Host.Processes;
using Bottle.Host.Setup;

namespace Bottle.Benchmarks.Git;

/// <summary>An ssh server with two repositories, a gate in front of them as the product runs it, and a client for each way. Everything carries the label <c>bottle.bench=git</c> and goes away at the end.</summary>
internal sealed class GitLab : IDisposable
{
    internal const string WorkRepository = "work";
    internal const string ManyRepository = "many";
    internal const string UpstreamHost = "upstream.test";
    private const string Label = "bottle.bench=git";
    private readonly CommandRunner _runner = new();
    private readonly string _name = "gb" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));
    private readonly string _folder = Directory.CreateTempSubdirectory("bottle-git-bench-").FullName;
    private readonly List<string> _containers = [];

    private GitLab() { }

    private string Network => $"{_name}-net";

    private string Upstream => $"{_name}-upstream";

    private string Gate => $"{_name}-gate";

    internal static GitLab Start(bool mayInstall)
    {
        var lab = new GitLab();
        try
        {
            var (gate, peer) = lab.Images(mayInstall);
            lab.Docker("network", "create", "--internal", "--label", Label, lab.Network);
            lab.Docker("run", "--rm", "--label", Label, "--network", "none", "-v", $"{lab._folder}:/k", peer, "sh", "-c", "ssh-keygen -q -t ed25519 -N '' -f /k/deploy; ssh-keygen -q -t ed25519 -N '' -f /k/hostkey; chmod 755 /k; chmod 644 /k/*");
            lab.Run(lab.Upstream, ["--network-alias", UpstreamHost, "-v", $"{lab._folder}:/k:ro", peer, "upstream"]);
            lab.Shell(lab.Upstream, $$"""
                until nc -z 127.0.0.1 22; do sleep 0.1; done
                export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@a.test GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@a.test
                for r in {{WorkRepository}} {{ManyRepository}}; do
                  git init -q --bare -b main /srv/git/$r.git; git init -q -b main /tmp/$r; cd /tmp/$r; echo first > readme
                  if [ $r = {{ManyRepository}} ]; then mkdir m; for i in $(seq 10000); do echo "$RANDOM $RANDOM line $i of a file" > m/$i; done; fi
                  git add .; git commit -qm first; git push -q /srv/git/$r.git main
                done
                """);
            lab.StartGate(gate, peer);
            foreach (var client in new[] { "gate", "direct" })
                lab.Run(lab.Client(client), ["--tmpfs", "/w:exec,mode=1777,size=1g", "-v", $"{lab._folder}:/k:ro", peer, "sleep", "infinity"]);
            return lab;
        }
        catch
        {
            lab.Dispose();
            throw;
        }
    }

    /// <summary>The address of a repository for one contestant.</summary>
    internal string Url(string contestant, string repository) => contestant == "gate" ? $"git://{Gate}/{repository}.git" : $"ssh://git@{UpstreamHost}/srv/git/{repository}.git";

    internal string Client(string contestant) => $"{_name}-{contestant}-client";

    /// <summary>The most memory that the gate's container ever had, pages of its repositories among it, in MB; NaN where the kernel does not say.</summary>
    internal double GatePeakMb() => double.TryParse(Shell(Gate, "cat /sys/fs/cgroup/memory.peak 2>/dev/null || cat /sys/fs/cgroup/memory/memory.max_usage_in_bytes 2>/dev/null || true"), out var bytes) ? bytes / 1e6 : double.NaN;

    /// <summary>Runs a bash script that must end well, and returns what it printed.</summary>
    internal string Shell(string container, string script, string user = "git", params string[] environment)
    {
        var variables = environment.SelectMany(variable => new[] { "--env", variable });
        string[] who = container == Gate ? [] : ["--user", user];
        var command = new Command("docker", ["exec", "-i", .. who, .. variables, container, "bash", "-s"]) { StandardInput = Encoding.UTF8.GetBytes("set -e\nexec 2>&1\n" + script + "\n") };
        var result = _runner.RunAsync(command).GetAwaiter().GetResult();
        return result.Succeeded ? result.Output : throw new InvalidOperationException($"in {container}: {result.Output}{result.Error}");
    }

    public void Dispose()
    {
        foreach (var container in _containers)
            _runner.RunAsync(new Command("docker", ["rm", "--force", "--volumes", container])).GetAwaiter().GetResult();
        _runner.RunAsync(new Command("docker", ["network", "rm", Network])).GetAwaiter().GetResult();
        Directory.Delete(_folder, recursive: true);
    }

    private void StartGate(string image, string peer)
    {
        var settings = Directory.CreateDirectory(Path.Combine(_folder, "etc", "known_hosts")).Parent!.FullName;
        var keys = Directory.CreateDirectory(Path.Combine(_folder, "keys")).FullName;
        var hostKey = string.Join(' ', File.ReadAllText(Path.Combine(_folder, "hostkey.pub")).Split(' ')[..2]);
        string[] names = [WorkRepository, ManyRepository];
        foreach (var name in names)
        {
            File.WriteAllText(Path.Combine(settings, "known_hosts", name), $"{UpstreamHost} {hostKey}\n");
            File.Copy(Path.Combine(_folder, "deploy"), Path.Combine(keys, name));
        }
        File.WriteAllText(Path.Combine(settings, "gate.json"), GateFileFormat.Write(new GateFile
        {
            Repositories = [.. names.Select(name => new GateRepository { Name = name, Upstream = Url("direct", name), Push = new PushPolicy { Protected = [] } })],
        }));
        Docker("run", "--rm", "--label", Label, "--network", "none", "-v", $"{_folder}:/k", peer, "sh", "-c", "chmod 600 /k/keys/*; chown -R 1000:1000 /k/keys");
        // As the product's Compose file has it: GitGateService.
        Run(Gate, ["--user", "1000:1000", "--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges:true", "--pids-limit", "512", "--memory", "768m", "--memory-swap", "768m", "--cpus", "2", "--tmpfs", "/tmp:size=256m,mode=1777,noexec,nosuid,nodev",
            "--tmpfs", "/srv/git:size=600m,mode=0700,uid=1000,gid=1000", "-v", $"{settings}:/etc/git-gate:ro", "-v", $"{keys}:/run/git-gate/keys:ro", image]);
        Shell(Gate, "until git-gate healthcheck; do sleep 0.1; done");
    }

    private (string Gate, string Peer) Images(bool mayInstall)
    {
        var repository = Path.GetFullPath(typeof(GitLab).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "Repository").Value!);
        var peer = Path.Combine(repository, "tests", "Bottle.GitGate.Tests", "Peer");
        var catalogue = new ImageCatalogue(repository);
        var context = new SetupContext { MayInstall = mayInstall, CommandLine = "dotnet cake --target=Bench --suite=git", Say = Console.Error.WriteLine };
        var bytes = Directory.GetFiles(peer).Order(StringComparer.Ordinal).SelectMany(File.ReadAllBytes).Concat(Encoding.UTF8.GetBytes(catalogue.Base.Tag)).ToArray();
        var recipe = new ImageRecipe { Role = "test-git-peer", Dockerfile = Path.Combine(peer, "Dockerfile"), Context = peer, UsesBase = true, Hash = Convert.ToHexStringLower(SHA256.HashData(bytes))[..12] };
        var images = new ImageBuilder(_runner, catalogue, new ImagePuller(_runner, context.Say), context).EnsureAsync([catalogue.GitGate, recipe]).GetAwaiter().GetResult();
        return (images[0].Tag, images[1].Tag);
    }

    private void Run(string name, IEnumerable<string> arguments)
    {
        _containers.Add(name);
        Docker(["run", "--detach", "--init", "--name", name, "--label", Label, "--network", Network, .. arguments]);
    }

    private void Docker(params IEnumerable<string> arguments)
    {
        var result = _runner.RunAsync(new Command("docker", arguments)).GetAwaiter().GetResult();
        if (!result.Succeeded)
            throw new InvalidOperationException($"docker {string.Join(' ', arguments)}: {result.Error}");
    }
}
