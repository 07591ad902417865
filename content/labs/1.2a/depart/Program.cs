using System.Runtime.InteropServices;
using Confluent.Kafka;
using Formation.OrderProducer;
using Microsoft.Extensions.Logging;

// <main>
try
{
    ProducerSettings settings = ProducerSettings.FromEnvironment();

    using ILoggerFactory loggers = LoggerFactory.Create(logging => Configure(logging, settings));
    ILogger logger = loggers.CreateLogger("OrderProducer");

    using var stop = new CancellationTokenSource();
    using PosixSignalRegistration onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, RequestStop);
    using PosixSignalRegistration onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, RequestStop);

    using IProducer<Null, string> producer = ProducerFactory.Create(settings, logger, stop);
    var publisher = new OrderPublisher(producer, settings, logger);

    await publisher.PublishAsync(stop.Token);
    publisher.FlushUntilEmpty();
    return publisher.Conclude();

    void RequestStop(PosixSignalContext signal)
    {
        // Nous terminons nous-mêmes : sans cette ligne, le processus mourrait avec des messages en file.
        signal.Cancel = true;
        stop.Cancel();
    }
}
catch (SettingsException error)
{
    await Console.Error.WriteLineAsync($"Configuration refusée : {error.Message}");
    return ExitCode.BadConfiguration;
}
// </main>

static void Configure(ILoggingBuilder logging, ProducerSettings settings)
{
    if (settings.LogAsJson)
    {
        logging.AddJsonConsole();
        return;
    }

    logging.AddSimpleConsole(console =>
    {
        console.SingleLine = true;
        console.TimestampFormat = "HH:mm:ss.fff ";
    });
}
