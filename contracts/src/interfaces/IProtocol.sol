// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice What the owner may change, each within bounds of its own (`bounds`). Windows are seconds of protocol time,
/// money is in units of the 6-decimal token, shares of money are basis points.
enum Parameter {
    DeliverWindow,
    AcceptWindow,
    ReportGrace,
    AnswerWindow,
    CaseWindow,
    ThawBuffer,
    ChallengeBond,
    CaseBond,
    SlashRewardBps,
    SlashBurnBps,
    MinterBond,
    MinterPenalty,
    ProverStake,
    ProverPenalty,
    CoverageFee
}

/// @title The protocol's clock, its parameters and its brake.
/// @notice Every window, deadline and epoch runs on `time`, which stands still while the protocol is paused. A pause
/// stops new business only (`requireOpen`); the ways out never ask whether the protocol is paused.
/// @dev The owner is a timelock. What was fixed before a parameter changed (a deadline, a bond) stays as it was.
interface IProtocol {
    /// @notice The protocol is paused: new business begins again when `time` runs, at `until` (Unix seconds) at the
    /// latest.
    error ProtocolPaused(uint64 until);

    /// @notice The protocol is not paused.
    error NotPaused();

    /// @notice Only the guardian pauses; guardian and owner unpause.
    error NotGuardian(address caller, address guardian);

    /// @notice The last pause ended too recently, or has not ended: another may begin at `notBefore` (Unix seconds).
    error PauseTooEarly(uint64 time, uint64 notBefore);

    /// @notice A parameter is outside its bounds.
    error ParameterOutOfBounds(Parameter parameter, uint64 value, uint64 min, uint64 max);

    /// @notice The epochs' length is outside its bounds.
    error EpochLengthOutOfBounds(uint64 length, uint64 min, uint64 max);

    /// @notice The guardian stopped new business and every clock, until `until` (Unix seconds) at the latest.
    event Paused(address indexed guardian, uint64 until);

    /// @notice The clocks run again.
    event Unpaused(address indexed caller);

    /// @notice Another guardian. Zero means that nobody can pause.
    event GuardianSet(address indexed guardian);

    /// @notice A parameter was set.
    event ParameterSet(Parameter indexed parameter, uint64 value);

    /// @notice Stops new business and every clock for at most 7 days. Then 14 days must pass before the next pause.
    function pause() external;

    /// @notice Ends a pause early.
    function unpause() external;

    /// @notice Replaces the guardian.
    function setGuardian(address guardian) external;

    /// @notice Sets a parameter. Only what begins afterwards is measured by it.
    function set(Parameter parameter, uint64 value) external;

    /// @notice Protocol time: Unix seconds minus every second that was spent paused. Never runs backwards.
    function time() external view returns (uint64);

    /// @notice The epoch that protocol time is in: `time / epochLength`.
    function epoch() external view returns (uint64);

    /// @notice Whether new business is stopped.
    function paused() external view returns (bool);

    /// @notice Reverts while the protocol is paused. For new business only: register, order, deploy, open a dispute.
    function requireOpen() external view;

    /// @notice Who may pause.
    function guardian() external view returns (address);

    /// @notice The smallest and the largest value that a parameter can have. Fixed for ever.
    function bounds(Parameter parameter) external pure returns (uint64 min, uint64 max);

    /// @notice The value of a parameter. The functions below are the same by name.
    function get(Parameter parameter) external view returns (uint64);

    /// @notice Seconds of an epoch. Fixed for ever, so that an epoch's number always means the same time.
    function epochLength() external view returns (uint64);

    /// @notice Seconds that a minter has to deliver.
    function deliverWindow() external view returns (uint64);

    /// @notice Seconds after which an unanswered delivery may be accepted by anyone.
    function acceptWindow() external view returns (uint64);

    /// @notice Seconds after an epoch's end in which it may be reported.
    function reportGrace() external view returns (uint64);

    /// @notice Seconds that the accused has to answer a challenge or a case.
    function answerWindow() external view returns (uint64);

    /// @notice Seconds of the court's part of a case, from the drawing to the last revealed vote.
    function caseWindow() external view returns (uint64);

    /// @notice Seconds that the thaw is longer than everything that could still be proven.
    function thawBuffer() external view returns (uint64);

    /// @notice Seconds between closing and the collateral's return: epoch + grace + answer + case + buffer.
    function thaw() external view returns (uint64);

    /// @notice What a challenger puts up.
    function challengeBond() external view returns (uint64);

    /// @notice What the opener of a case puts up; an appeal costs twice this.
    function caseBond() external view returns (uint64);

    /// @notice The reporter's part of what is slashed, at most half.
    function slashRewardBps() external view returns (uint16);

    /// @notice The part of what is slashed that is burned, at least a tenth.
    function slashBurnBps() external view returns (uint16);

    /// @notice How many times the fees since its last settled report a host's collateral must cover.
    function feeCollateralFactor() external view returns (uint64);

    /// @notice The smallest bond of a minter.
    function minterBond() external view returns (uint64);

    /// @notice What a minter pays the buyer for a delivery that never came.
    function minterPenalty() external view returns (uint64);

    /// @notice The smallest stake with which a prover may be drawn.
    function proverStake() external view returns (uint64);

    /// @notice What a vote of the minority, silence, or a withheld seed costs a prover.
    function proverPenalty() external view returns (uint64);

    /// @notice The most that a prover earns from the pool for the coverage of one epoch, and for one vote.
    function coverageFee() external view returns (uint64);
}
