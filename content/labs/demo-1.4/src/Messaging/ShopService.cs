using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Formation.Shop.Messaging;

/// <summary>L'hôte d'un service qui lit les commandes : la boucle, la sonde, les mesures.</summary>
public static class ShopService
{
    // <host>
    /// <summary>Fait tourner le service jusqu'à ce qu'on l'arrête, et rend son code de sortie.</summary>
    /// <param name="args">Arguments de la ligne de commande, pour <c>--urls</c>.</param>
    /// <param name="service">Nom du service, et de son groupe.</param>
    /// <param name="handlerDelayMs">Durée du travail simulé, en millisecondes.</param>
    public static async Task<int> RunAsync<THandler>(string[] args, string service, int handlerDelayMs)
        where THandler : class, IOrderHandler
    {
        try
        {
            Tracing.Listen();
            WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
            builder.AddShopLogging();
            builder.Services.AddSingleton(ServiceSettings.FromEnvironment(service, handlerDelayMs));
            builder.Services.AddSingleton(TimeProvider.System);
            builder.Services.AddSingleton<ConsumerState>();
            builder.Services.AddSingleton<TimingLog>();
            builder.Services.AddSingleton<IOrderHandler, THandler>();
            builder.Services.AddHostedService<OrderConsumer>();
            builder.Services.AddHealthChecks().AddCheck<ConsumerState>("consumer");

            WebApplication app = builder.Build();
            app.MapHealthChecks("/healthz");
            app.MapGet("/timings", (TimingLog timings) => Results.Text(timings.ToCsv(), "text/csv"));
            await app.RunAsync();
            return Environment.ExitCode;
        }
        catch (SettingsException error)
        {
            await Console.Error.WriteLineAsync($"Configuration refusée : {error.Message}");
            return ExitCode.BadConfiguration;
        }
    }
    // </host>
}
