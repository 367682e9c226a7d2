using System.Runtime.InteropServices;
using System.Threading.Channels;
using Bottle.PipelockStandIn.Policy;

namespace Bottle.PipelockStandIn.Configuration;

/// <summary>Reads the file again on SIGHUP, and 100 ms after the last change of it in its folder; refuses what pipelock's strict mode refuses, and keeps the old one then.</summary>
internal sealed class ConfigReload(string path, EnforcementInForce inForce)
{
    private static readonly TimeSpan _debounce = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _sameAgain = TimeSpan.FromSeconds(2);

    private readonly Channel<bool> _asked = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private long _loadedAt = Environment.TickCount64;

    /// <summary>Reloads until the end.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            context.Cancel = true;
            Ask();
        });
        await using var settled = new Timer(_ => Ask());
        using var watcher = Watch(settled);
        try
        {
            await foreach (var _ in _asked.Reader.ReadAllAsync(stop))
                Reload();
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }

    private void Ask() => _asked.Writer.TryWrite(true);

    private FileSystemWatcher? Watch(Timer settled)
    {
        try
        {
            // The folder, not the file: a new file under the same name is seen too. Other names in it are nobody's business here.
            var watcher = new FileSystemWatcher(Path.GetDirectoryName(Path.GetFullPath(path))!, Path.GetFileName(path));
            watcher.Changed += (_, _) => settled.Change(_debounce, Timeout.InfiniteTimeSpan);
            watcher.Created += (_, _) => settled.Change(_debounce, Timeout.InfiniteTimeSpan);
            watcher.Renamed += (_, _) => settled.Change(_debounce, Timeout.InfiniteTimeSpan);
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (IOException e)
        {
            Console.Error.WriteLine($"pipelock: config watcher: {e.Message}; SIGHUP still reloads");
            return null;
        }
    }

    private void Reload()
    {
        StandInConfig config;
        try
        {
            config = ConfigReader.ReadFile(path);
        }
        catch (ConfigException e)
        {
            Console.Error.WriteLine($"pipelock: config reload failed: {e.Message}");
            return;
        }
        var old = inForce.Current.Config;
        var now = Environment.TickCount64;
        if (config.Hash == old.Hash && now - _loadedAt < _sameAgain.TotalMilliseconds)
            return;
        var downgrades = Downgrades(old, config).ToList();
        foreach (var downgrade in downgrades)
            Console.Error.WriteLine($"WARNING: config reload: {downgrade}");
        if (downgrades.Count > 0)
        {
            AuditLog.Rejected("rejected: security downgrade from strict mode", path);
            return;
        }
        inForce.Current = new Enforcement(config);
        _loadedAt = now;
        AuditLog.Reloaded(config.Hash);
    }

    private static IEnumerable<string> Downgrades(StandInConfig old, StandInConfig config)
    {
        if (config.Passthrough.Except(old.Passthrough, StringComparer.OrdinalIgnoreCase).ToList() is { Count: > 0 } domains)
            yield return $"tls_interception.passthrough_domains - passthrough domains added: {string.Join(", ", domains)}";
        if (config.AllowedAddresses.Where(added => !old.AllowedAddresses.Any(had => had.PrefixLength <= added.PrefixLength && had.Contains(added.BaseAddress))).ToList() is { Count: > 0 } networks)
            yield return $"ssrf.ip_allowlist - SSRF IP allowlist expanded: {string.Join(", ", networks)}";
        if (old.ScanBodies && !config.ScanBodies)
            yield return "request_body_scanning.enabled - request body scanning disabled";
    }
}
