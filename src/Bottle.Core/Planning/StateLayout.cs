namespace Bottle.Core.Planning;

/// <summary>Where the files of a run lie, relative to <c>state/&lt;identity&gt;/</c> (SPEC B2), and where containers see them. Directories are mounted whole, so that a renamed file is seen.</summary>
public static class StateLayout
{
    /// <summary>The Compose file; the sources of its mounts are relative to it.</summary>
    public const string ComposeFile = "docker-compose.yml";

    /// <summary>What the run is (SPEC B3).</summary>
    public const string Metadata = "metadata.json";

    /// <summary>The whole plan of the revision in force, 0600 beside the Compose file: names of secrets, no value.</summary>
    public const string Plan = "plan.json";

    /// <summary>Held exclusively by whoever changes the policy of a run that is up (SPEC K4); <see cref="Lock"/> belongs to the process that started it.</summary>
    public const string ApplyLock = "apply.lock";

    /// <summary>There while a change is being applied: what it is, and the files as they were before; 0600.</summary>
    public const string ApplyJournal = "apply.json";

    /// <summary>Held exclusively by the process that owns the run (SPEC E4).</summary>
    public const string Lock = "lock";

    /// <summary>A file of this name keeps the state (SPEC B4).</summary>
    public const string PreserveMarker = ".preserve";

    /// <summary>Where terminals come to the run's kept terminal (SPEC E10): a Unix socket.</summary>
    public const string TerminalSocket = "terminal.sock";

    /// <summary>Which image of its own the run has (SPEC B7); not there while it has none.</summary>
    public const string RunImage = "run-image.json";

    /// <summary>What that image is made of, for people.</summary>
    public const string RunDockerfile = "run-image.Dockerfile";

    /// <summary>A container's files, for the moment in which they are read.</summary>
    public const string RunExport = "run-image.tar";

    /// <summary>The agent's conversation, kept while its container is exchanged: what the agent packed, in base64.</summary>
    public const string Transcript = "transcript.b64";

    /// <summary>Egress's folder, mounted read-only at <see cref="EgressMount"/>.</summary>
    public const string EgressDirectory = "egress";

    /// <summary>See <see cref="EgressDirectory"/>.</summary>
    public const string EgressMount = "/etc/egress";

    /// <summary>The route table.</summary>
    public const string Routes = "egress/routes.yaml";

    /// <summary>The authority that signs what the agent sees: certificate.</summary>
    public const string EgressCa = "egress/ca.pem";

    /// <summary>The same authority's key (PKCS#8), 0600.</summary>
    public const string EgressCaKey = "egress/ca-key.pem";

    /// <summary>Pipelock's authority: what egress trusts for inspected hosts, and nothing else.</summary>
    public const string EgressPipelockCa = "egress/pipelock-ca.pem";

    /// <summary>What egress trusts for passthrough hosts: system roots, the operator's, the test authority's.</summary>
    public const string EgressUpstreamRoots = "egress/upstream-roots.pem";

    /// <summary>Egress's own log folder, the only thing that it can write; mounted at <see cref="EgressLogMount"/>.</summary>
    public const string EgressLogDirectory = "egress-log";

    /// <summary>See <see cref="EgressLogDirectory"/>.</summary>
    public const string EgressLogMount = "/var/log/egress";

    /// <summary>One JSON line a request (SPEC F9).</summary>
    public const string RequestLog = "egress-log/requests.jsonl";

    /// <summary>The newest lines, when <see cref="RequestLog"/> is full.</summary>
    public const string NewestRequestLog = "egress-log/requests.1.jsonl";

    /// <summary>What egress counted of the run's budget.</summary>
    public const string BudgetCounts = $"{EgressLogDirectory}/{Contracts.Routes.BudgetCounts.FileName}";

    /// <summary>Where egress sees its tokens.</summary>
    public const string TokensMount = "/run/egress/tokens";

    /// <summary>The token file inside the tokens folder: a JSON object of slot to value, 0600.</summary>
    public const string TokensFile = "tokens.json";

    /// <summary>Pipelock's folder, mounted read-only at <see cref="PipelockMount"/>.</summary>
    public const string PipelockDirectory = "pipelock";

    /// <summary>See <see cref="PipelockDirectory"/>.</summary>
    public const string PipelockMount = "/etc/pipelock";

    /// <summary>The configuration of one of pipelock's instances, by its service: none reads the other's.</summary>
    public static string PipelockConfig(string service) => $"{PipelockDirectory}/{service}.yaml";

    /// <summary>Pipelock's authority: certificate.</summary>
    public const string PipelockCa = "pipelock/ca.pem";

    /// <summary>Its key: SEC1 PEM as the first block, 0600 (facts/pipelock.md 4).</summary>
    public const string PipelockCaKey = "pipelock/ca-key.pem";

    /// <summary>Roots that pipelock trusts upstream (SSL_CERT_FILE): system roots and those of <see cref="EgressUpstreamRoots"/>.</summary>
    public const string PipelockRoots = "pipelock/roots.pem";

    /// <summary>The agent's trust store: egress's authority alone.</summary>
    public const string AgentTrust = "agent/ca-certificates.crt";

    /// <summary>The same for Java, in its own format: <c>JavaTrustStore.Render</c> over the authority's DER.</summary>
    public const string AgentJavaTrust = "agent/java-cacerts";

    /// <summary>Where the agent's Java sees <see cref="AgentJavaTrust"/>.</summary>
    public const string AgentJavaTrustMount = "/etc/claude-bottle/java-cacerts";

    /// <summary>The agent's generated passwd, when <see cref="AgentPlan.NeedsPasswdEntry"/>.</summary>
    public const string AgentPasswd = "agent/passwd";

    /// <summary>The agent's home, on disk (SPEC A13), mounted at <see cref="AgentHomeMount"/>: what it has there is kept with the state.</summary>
    public const string AgentHome = "agent/home";

    /// <summary>See <see cref="AgentHome"/>.</summary>
    public const string AgentHomeMount = "/home/agent";

    /// <summary>The copy of the operator's directory that the agent works in (SPEC B6).</summary>
    public const string AgentWork = "agent/work";

    /// <summary>What the copy's changes are told by. Beside what containers see.</summary>
    public const string WorkDirectory = "work";

    /// <summary>The contents of what was copied, end to end.</summary>
    public const string WorkPack = "work/baseline.pack";

    /// <summary>What lies where in it; there when everything was copied.</summary>
    public const string WorkIndex = "work/baseline.index";

    /// <summary>Prompt and skills, mounted read-only at <see cref="AgentInputMount"/>.</summary>
    public const string AgentInputDirectory = "agent/input";

    /// <summary>See <see cref="AgentInputDirectory"/>.</summary>
    public const string AgentInputMount = "/etc/claude-bottle/agent";

    /// <summary>The prompt.</summary>
    public const string AgentPrompt = "agent/input/prompt.md";

    /// <summary>The gate's configuration, mounted read-only at <see cref="GitGateMount"/>.</summary>
    public const string GitGateDirectory = "git-gate/config";

    /// <summary>See <see cref="GitGateDirectory"/>.</summary>
    public const string GitGateMount = "/etc/git-gate";

    /// <summary>The gate's remotes and their policy.</summary>
    public const string GitGateFile = "git-gate/config/gate.json";

    /// <summary>The private keys, 0600, mounted read-only at <see cref="GitGateKeysMount"/> into the gate and nowhere else.</summary>
    public const string GitGateKeysDirectory = "git-gate/keys";

    /// <summary>See <see cref="GitGateKeysDirectory"/>.</summary>
    public const string GitGateKeysMount = "/run/git-gate/keys";

    /// <summary>The gate's copies of the repositories: the one folder that it can write; mounted at <see cref="GitGateRepositoriesMount"/>.</summary>
    public const string GitGateRepositories = "git-gate/repositories";

    /// <summary>See <see cref="GitGateRepositories"/>.</summary>
    public const string GitGateRepositoriesMount = "/srv/git";

    /// <summary>Which of those repositories outlive the run, and under which name: one line each. Beside what containers see.</summary>
    public const string GitGateKept = "git-kept";

    /// <summary>The agent's git configuration, which Provision copies to its home.</summary>
    public const string AgentGitConfig = "agent/input/gitconfig";

    /// <summary>What the supervise sidecar and the operator's side write for each other, mounted below <see cref="SuperviseQueueMount"/>.</summary>
    public const string SuperviseQueue = "supervise/queue";

    /// <summary>See <see cref="SuperviseQueue"/>.</summary>
    public const string SuperviseQueueMount = "/run/supervise/queue";

    /// <summary>The open questions: the one folder that supervise can write; mounted at <see cref="SuperviseProposalsMount"/>.</summary>
    public const string SuperviseProposals = SuperviseQueue + "/proposals";

    /// <summary>See <see cref="SuperviseProposals"/>.</summary>
    public const string SuperviseProposalsMount = SuperviseQueueMount + "/proposals";

    /// <summary>The operator's answers, mounted read-only at <see cref="SuperviseAnswersMount"/>.</summary>
    public const string SuperviseAnswers = SuperviseQueue + "/answers";

    /// <summary>See <see cref="SuperviseAnswers"/>.</summary>
    public const string SuperviseAnswersMount = SuperviseQueueMount + "/answers";

    /// <summary>What supervise shows of the agent's image (SPEC D4), mounted read-only at <see cref="SuperviseCurrentConfigMount"/>.</summary>
    public const string SuperviseCurrentConfig = "supervise/current-config";

    /// <summary>See <see cref="SuperviseCurrentConfig"/>.</summary>
    public const string SuperviseCurrentConfigMount = "/etc/claude-bottle/current-config";

    /// <summary>The agent's Dockerfile, which is all that is there; not there when the image is used as it is.</summary>
    public const string SuperviseDockerfile = SuperviseCurrentConfig + "/Dockerfile";

    /// <summary>How an MCP client of the agent finds supervise.</summary>
    public const string AgentMcp = AgentInputDirectory + "/mcp.json";

    /// <summary>What the person asked for on the command line, which the agent's command reads on its standard input.</summary>
    public const string AgentRequest = AgentInputDirectory + "/request.md";

    /// <summary>Where the agent finds it.</summary>
    public const string AgentRequestMount = AgentInputMount + "/request.md";

    /// <summary>What Provision puts into the agent's home, laid out as there.</summary>
    public static string AgentHomeFile(string path) => $"{AgentInputDirectory}/home/{path}";

    /// <summary>Where the agent finds it.</summary>
    public static string AgentHomeFileMount(string path) => $"{AgentInputMount}/home/{path}";

    /// <summary>The host keys of a remote.</summary>
    public static string GitGateKnownHosts(string remote) => $"{GitGateDirectory}/known_hosts/{remote}";

    /// <summary>The private key of a remote.</summary>
    public static string GitGateKey(string remote) => $"{GitGateKeysDirectory}/{remote}";

    /// <summary>A git test upstream's ssh host key, 0600.</summary>
    public static string UpstreamHostKey(string service) => $"{service}/ssh-host-key";

    /// <summary>The client keys that a git test upstream lets in.</summary>
    public static string UpstreamAuthorizedKeys(string service) => $"{service}/authorized-keys";

    /// <summary>The script that leads Node to egress.</summary>
    public const string AgentNodeProxy = "agent/input/node-proxy.cjs";

    /// <summary>Where the agent finds it.</summary>
    public const string AgentNodeProxyMount = AgentInputMount + "/node-proxy.cjs";

    /// <summary>A test upstream's folder (server.pem = certificate then chain, server-key.pem), mounted read-only at <see cref="UpstreamMount"/>.</summary>
    public static string UpstreamDirectory(string service) => service;

    /// <summary>A test upstream's certificate, its chain after it.</summary>
    public static string UpstreamCertificate(string service) => $"{service}/server.pem";

    /// <summary>Its key, 0600.</summary>
    public static string UpstreamKey(string service) => $"{service}/server-key.pem";

    /// <summary>See <see cref="UpstreamDirectory"/>.</summary>
    public const string UpstreamMount = "/etc/upstream";
}
