using Bottle.Supervise.Hosting;

try
{
    var settings = SuperviseSettings.FromEnvironment(Environment.GetEnvironmentVariable);
    switch (args)
    {
        case []:
            return await SuperviseProcess.RunAsync(settings).ConfigureAwait(false);
        case ["healthcheck"]:
            return HealthClient.Check(settings.Listen.Port);
        default:
            Console.Error.WriteLine("usage: supervise | supervise healthcheck");
            return 2;
    }
}
catch (FormatException e)
{
    Console.Error.WriteLine("supervise cannot start: " + e.Message);
    return 1;
}
