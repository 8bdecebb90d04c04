// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { IProtocol, Parameter } from "../interfaces/IProtocol.sol";
import { Ownable, Ownable2Step } from "@openzeppelin/contracts/access/Ownable2Step.sol";

uint256 constant PARAMETERS = 15;

/// @notice See `IProtocol`.
contract Protocol is Ownable2Step, IProtocol {
    uint64 private constant PAUSE_LENGTH = 7 days;
    uint64 private constant PAUSE_COOLDOWN = 14 days;
    uint64 private constant MIN_EPOCH = 1 hours;
    uint64 private constant MAX_EPOCH = 7 days;

    /// @dev The latest pause in Unix seconds; its end is in the future while it lasts. `frozen` is the length of all
    /// earlier pauses.
    struct Clock {
        uint64 pausedAt;
        uint64 pausedUntil;
        uint64 frozen;
    }

    /// @inheritdoc IProtocol
    uint64 public immutable epochLength;
    /// @inheritdoc IProtocol
    uint64 public constant feeCollateralFactor = 10;

    /// @inheritdoc IProtocol
    address public guardian;

    Clock private _clock;
    uint64[PARAMETERS] private _values;

    constructor(address owner_, address guardian_, uint64 epochLength_, uint64[PARAMETERS] memory values)
        Ownable(owner_)
    {
        require(
            epochLength_ >= MIN_EPOCH && epochLength_ <= MAX_EPOCH,
            EpochLengthOutOfBounds(epochLength_, MIN_EPOCH, MAX_EPOCH)
        );
        epochLength = epochLength_;
        _setGuardian(guardian_);
        for (uint256 i; i < PARAMETERS; ++i) {
            _set(Parameter(i), values[i]);
        }
    }

    /* WRITES */

    /// @inheritdoc IProtocol
    function pause() external {
        Clock memory clock = _clock;
        uint64 notBefore = clock.pausedUntil == 0 ? 0 : clock.pausedUntil + PAUSE_COOLDOWN;
        require(msg.sender == guardian, NotGuardian(msg.sender, guardian));
        require(_unix() >= notBefore, PauseTooEarly(_unix(), notBefore));

        uint64 until = _unix() + PAUSE_LENGTH;

        _clock = Clock(_unix(), until, clock.frozen + clock.pausedUntil - clock.pausedAt);
        emit Paused(msg.sender, until);
    }

    /// @inheritdoc IProtocol
    function unpause() external {
        require(msg.sender == guardian || msg.sender == owner(), NotGuardian(msg.sender, guardian));
        require(paused(), NotPaused());

        _clock.pausedUntil = _unix();
        emit Unpaused(msg.sender);
    }

    /// @inheritdoc IProtocol
    function setGuardian(address guardian_) external onlyOwner {
        _setGuardian(guardian_);
    }

    /// @inheritdoc IProtocol
    function set(Parameter parameter, uint64 value) external onlyOwner {
        _set(parameter, value);
    }

    /* VIEWS */

    /// @inheritdoc IProtocol
    function time() public view returns (uint64) {
        Clock memory clock = _clock;
        uint64 end = _unix() < clock.pausedUntil ? _unix() : clock.pausedUntil;
        return _unix() - clock.frozen - (end - clock.pausedAt);
    }

    /// @inheritdoc IProtocol
    function epoch() external view returns (uint64) {
        return time() / epochLength;
    }

    /// @inheritdoc IProtocol
    function paused() public view returns (bool) {
        return _unix() < _clock.pausedUntil;
    }

    /// @inheritdoc IProtocol
    function requireOpen() external view {
        require(!paused(), ProtocolPaused(_clock.pausedUntil));
    }

    /// @inheritdoc IProtocol
    function bounds(Parameter parameter) public pure returns (uint64 min, uint64 max) {
        if (parameter <= Parameter.AcceptWindow) return (1 hours, 30 days);
        if (parameter == Parameter.ReportGrace) return (1 hours, 7 days);
        if (parameter == Parameter.AnswerWindow) return (1 hours, 14 days);
        if (parameter == Parameter.CaseWindow) return (4 hours, 30 days);
        if (parameter == Parameter.ThawBuffer) return (1 hours, 30 days);
        if (parameter == Parameter.ChallengeBond) return (1e6, 10_000e6);
        if (parameter == Parameter.CaseBond) return (10e6, 100_000e6);
        if (parameter == Parameter.SlashRewardBps) return (500, 5000);
        if (parameter == Parameter.SlashBurnBps) return (1000, 5000);
        if (parameter == Parameter.MinterBond) return (10e6, 1_000_000e6);
        if (parameter == Parameter.MinterPenalty) return (1e6, 10e6);
        if (parameter == Parameter.ProverStake) return (100e6, 1_000_000e6);
        if (parameter == Parameter.ProverPenalty) return (1e6, 100e6);
        return (0, 100e6);
    }

    /// @inheritdoc IProtocol
    function get(Parameter parameter) public view returns (uint64) {
        return _values[uint256(parameter)];
    }

    /// @inheritdoc IProtocol
    function deliverWindow() external view returns (uint64) {
        return get(Parameter.DeliverWindow);
    }

    /// @inheritdoc IProtocol
    function acceptWindow() external view returns (uint64) {
        return get(Parameter.AcceptWindow);
    }

    /// @inheritdoc IProtocol
    function reportGrace() external view returns (uint64) {
        return get(Parameter.ReportGrace);
    }

    /// @inheritdoc IProtocol
    function answerWindow() external view returns (uint64) {
        return get(Parameter.AnswerWindow);
    }

    /// @inheritdoc IProtocol
    function caseWindow() external view returns (uint64) {
        return get(Parameter.CaseWindow);
    }

    /// @inheritdoc IProtocol
    function thawBuffer() external view returns (uint64) {
        return get(Parameter.ThawBuffer);
    }

    /// @inheritdoc IProtocol
    function thaw() external view returns (uint64) {
        return epochLength + get(Parameter.ReportGrace) + get(Parameter.AnswerWindow) + get(Parameter.CaseWindow)
            + get(Parameter.ThawBuffer);
    }

    /// @inheritdoc IProtocol
    function challengeBond() external view returns (uint64) {
        return get(Parameter.ChallengeBond);
    }

    /// @inheritdoc IProtocol
    function caseBond() external view returns (uint64) {
        return get(Parameter.CaseBond);
    }

    /// @inheritdoc IProtocol
    function slashRewardBps() external view returns (uint16) {
        return uint16(get(Parameter.SlashRewardBps));
    }

    /// @inheritdoc IProtocol
    function slashBurnBps() external view returns (uint16) {
        return uint16(get(Parameter.SlashBurnBps));
    }

    /// @inheritdoc IProtocol
    function minterBond() external view returns (uint64) {
        return get(Parameter.MinterBond);
    }

    /// @inheritdoc IProtocol
    function minterPenalty() external view returns (uint64) {
        return get(Parameter.MinterPenalty);
    }

    /// @inheritdoc IProtocol
    function proverStake() external view returns (uint64) {
        return get(Parameter.ProverStake);
    }

    /// @inheritdoc IProtocol
    function proverPenalty() external view returns (uint64) {
        return get(Parameter.ProverPenalty);
    }

    /// @inheritdoc IProtocol
    function coverageFee() external view returns (uint64) {
        return get(Parameter.CoverageFee);
    }

    /* INTERNAL */

    function _set(Parameter parameter, uint64 value) private {
        (uint64 min, uint64 max) = bounds(parameter);
        require(value >= min && value <= max, ParameterOutOfBounds(parameter, value, min, max));

        _values[uint256(parameter)] = value;
        emit ParameterSet(parameter, value);
    }

    function _setGuardian(address guardian_) private {
        guardian = guardian_;
        emit GuardianSet(guardian_);
    }

    function _unix() private view returns (uint64) {
        return uint64(block.timestamp);
    }
}
