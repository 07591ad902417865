using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Formation.ScaledConsumer;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;

try
{
    ConsumerSettings settings = ConsumerSettings.FromEnvironment();

    WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
    Configure(builder.Logging, settings);
    builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = settings.Processing + TimeSpan.FromSeconds(10));

    builder.Services.AddSingleton(settings);
    builder.Services.AddSingleton<ConsumerPulse>();
    builder.Services.AddSingleton<RebalanceJournal>();
    builder.Services.AddSingleton<Throughput>();
    builder.Services.AddSingleton(services => ConsumerFactory.Create(
        settings,
        services.GetRequiredService<RebalanceJournal>(),
        services.GetRequiredService<ILoggerFactory>().CreateLogger("Kafka")));
    builder.Services.AddSingleton<ConsumerWorker>();
    builder.Services.AddHostedService(services => services.GetRequiredService<ConsumerWorker>());

    builder.Services.AddHealthChecks()
        .AddCheck<PollLoopCheck>("poll-loop", tags: ["live"])
        .AddCheck<AssignmentCheck>("assignment", tags: ["ready"]);

    WebApplication app = builder.Build();
    app.MapHealthChecks("/healthz", Tagged("live"));
    app.MapHealthChecks("/readyz", Tagged("ready"));

    ConsumerWorker worker = app.Services.GetRequiredService<ConsumerWorker>();
    await app.RunAsync();
    return worker.Result;
}
catch (SettingsException error)
{
    await Console.Error.WriteLineAsync($"Configuration refusée : {error.Message}");
    return ExitCode.BadConfiguration;
}

static HealthCheckOptions Tagged(string tag) => new() { Predicate = check => check.Tags.Contains(tag) };

static void Configure(ILoggingBuilder logging, ConsumerSettings settings)
{
    logging.ClearProviders();
    logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning); // pas une ligne par appel de sonde
    if (settings.LogAsJson)
    {
        logging.AddJsonConsole(console =>
        {
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "O";
            console.JsonWriterOptions = new JsonWriterOptions { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };
        });
        return;
    }

    logging.AddSimpleConsole(console =>
    {
        console.SingleLine = true;
        console.TimestampFormat = "HH:mm:ss.fff ";
    });
}
