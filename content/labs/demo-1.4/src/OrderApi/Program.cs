using Confluent.Kafka;
using Formation.Shop.Messaging;
using Formation.Shop.OrderApi;

try
{
    Tracing.Listen();
    ApiSettings settings = ApiSettings.FromEnvironment();
    WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
    builder.AddShopLogging();
    builder.Services.AddSingleton(settings);
    builder.Services.AddSingleton(TimeProvider.System);
    builder.Services.AddSingleton<ProducerState>();
    // <producer>
    builder.Services.AddSingleton<IProducer<string, string>>( // (1)
        services => ProducerFactory.Create(
            settings,
            services.GetRequiredService<ProducerState>(),
            services.GetRequiredService<ILoggerFactory>().CreateLogger("Producer")));
    builder.Services.AddSingleton<OrderPublisher>();
    builder.Services.AddHostedService<ProducerShutdown>(); // (2)
    // </producer>
    builder.Services.AddHealthChecks().AddCheck<ProducerState>("producer");

    WebApplication app = builder.Build();
    app.MapHealthChecks("/healthz");
    app.MapOrders();
    await app.RunAsync();
    return ExitCode.Success;
}
catch (SettingsException error)
{
    await Console.Error.WriteLineAsync($"Configuration refusée : {error.Message}");
    return ExitCode.BadConfiguration;
}
