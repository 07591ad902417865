using Confluent.Kafka;

namespace Formation.ScaledConsumer;

/// <summary>La boucle de lecture du LAB 1.3A, réduite à ce que ce lab mesure : un traitement qui réussit toujours.</summary>
public sealed class ConsumerWorker(
    IConsumer<byte[], byte[]> consumer,
    RebalanceJournal journal,
    Throughput throughput,
    ConsumerPulse pulse,
    ConsumerSettings settings,
    IHostApplicationLifetime lifetime,
    ILogger<ConsumerWorker> logger) : BackgroundService
{
    private static readonly TimeSpan PollTimeout = TimeSpan.FromSeconds(1);

    /// <summary>Code de sortie du programme.</summary>
    public int Result { get; private set; } = ExitCode.Success;

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.Factory.StartNew(
            () => Run(stoppingToken),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);

    private void Run(CancellationToken stop)
    {
        try
        {
            consumer.Subscribe(settings.Topic);
            while (!stop.IsCancellationRequested)
            {
                if (Poll() is { } result)
                {
                    Process(result);
                }

                throughput.ReportIfDue();
            }
        }
        catch (Exception error)
        {
            logger.LogCritical(error, "{Instance} s'arrête sur erreur", settings.Instance);
            Result = ExitCode.Failed;
        }
        finally
        {
            LeaveGroup();
            lifetime.StopApplication();
        }
    }

    private ConsumeResult<byte[], byte[]>? Poll()
    {
        try
        {
            return consumer.Consume(PollTimeout);
        }
        catch (ConsumeException error) when (CanContinue(error.Error))
        {
            logger.LogWarning("Consume : {Code}, {Reason}", error.Error.Code, error.Error.Reason);
            return null;
        }
        finally
        {
            pulse.Beat();
        }
    }

    // Sans droits, aucun message ne passera ; après une erreur fatale, ce consumer est fini.
    private static bool CanContinue(Error error) =>
        !error.IsFatal
        && error.Code is not ErrorCode.TopicAuthorizationFailed
            and not ErrorCode.GroupAuthorizationFailed;

    private void Process(ConsumeResult<byte[], byte[]> result)
    {
        Thread.Sleep(settings.Processing);
        StoreOffset(result);
        journal.MessageProcessed();
        throughput.Count();
        logger.LogInformation(
            Events.Processed,
            "{Instance} a traité [{Partition}] @ {Offset}, à {AtMs}",
            settings.Instance,
            result.Partition.Value,
            result.Offset.Value,
            DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
    }

    private void StoreOffset(ConsumeResult<byte[], byte[]> result)
    {
        try
        {
            consumer.StoreOffset(result);
        }
        catch (KafkaException error) when (error.Error.Code == ErrorCode.Local_State)
        {
            // La partition n'est plus à nous : son nouveau lecteur reprendra ce message.
            logger.LogWarning("[{Partition}] @ {Offset} sera relu ailleurs", result.Partition.Value, result.Offset.Value);
        }
    }

    private void LeaveGroup()
    {
        try
        {
            consumer.Close();
            logger.LogInformation("{Instance} a quitté le groupe proprement", settings.Instance);
        }
        catch (KafkaException error)
        {
            logger.LogWarning("Close : {Code}, {Reason}", error.Error.Code, error.Error.Reason);
        }
    }
}
