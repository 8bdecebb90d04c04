// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { IProtocol, Parameter } from "../interfaces/IProtocol.sol";
import { Ownable, Ownable2Step } from "@openzeppelin/contracts/access/Ownable2Step.sol";

uint256 constant PARAMETERS = 20;

/// @notice See `IProtocol`.
contract Protocol is Ownable2Step, IProtocol {
    uint64 private constant PAUSE_LENGTH = 7 days;
    uint64 private constant PAUSE_COOLDOWN = 14 days;
    uint64 private constant MIN_EPOCH = 10 minutes;
    uint64 private constant MAX_EPOCH = 1 days;
    uint256 private constant VALUE_BITS = 40;
    uint256 private constant VALUES_PER_WORD = 6;

    /// @dev The latest pause in Unix seconds; its end is in the future while it lasts. `frozen` is the length of all
    /// earlier pauses. `number` is the newest set of values, which counts from epoch `from` on. One word, because most
    /// callers need both.
    struct Clock {
        uint64 pausedAt;
        uint64 pausedUntil;
        uint64 frozen;
        uint32 number;
        uint32 from;
    }

    /// @dev All values from one epoch on. What is read together shares a word: the windows of the thaw, the cuts, bond and time of an
    /// origin, leak tail and acceptance window.
    /// @param from First epoch.
    /// @param exposedUntil First second at which the receipts of all epochs before `from` have stopped counting.
    struct Values {
        uint64 from;
        uint64 exposedUntil;
        uint40[PARAMETERS] value;
    }

    /// @inheritdoc IProtocol
    uint64 public immutable epochLength;
    /// @inheritdoc IProtocol
    uint64 public constant feeCollateralFactor = 10;

    /// @inheritdoc IProtocol
    address public guardian;
    /// @inheritdoc IProtocol
    address public council;
    /// @inheritdoc IProtocol
    bool public guarded = true;

    Clock private _clock;
    mapping(uint256 number => Values) private _values;

    constructor(
        address owner_,
        address guardian_,
        address council_,
        uint64 epochLength_,
        uint64[PARAMETERS] memory values
    ) Ownable(owner_) {
        require(
            epochLength_ >= MIN_EPOCH && epochLength_ <= MAX_EPOCH,
            EpochLengthOutOfBounds(epochLength_, MIN_EPOCH, MAX_EPOCH)
        );
        epochLength = epochLength_;
        _setGuardian(guardian_);
        _setCouncil(council_);
        for (uint256 i; i < PARAMETERS; ++i) {
            _set(0, Parameter(i), values[i], 0);
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

        clock.frozen += clock.pausedUntil - clock.pausedAt;
        (clock.pausedAt, clock.pausedUntil) = (_unix(), until);
        _clock = clock;
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
    function setCouncil(address council_) external onlyOwner {
        _setCouncil(council_);
    }

    /// @inheritdoc IProtocol
    function endGuardedLaunch() external onlyOwner {
        guarded = false;
        emit GuardedLaunchEnded();
    }

    /// @inheritdoc IProtocol
    function set(Parameter parameter, uint64 value) external onlyOwner {
        uint64 next = epoch() + 1;
        uint256 number = _clock.number;
        if (_clock.from < next) number = _copyValues(number, next);

        _set(number, parameter, value, next);
    }

    /* VIEWS */

    /// @inheritdoc IProtocol
    function time() public view returns (uint64) {
        return _time(_clock);
    }

    /// @inheritdoc IProtocol
    function moment() external view returns (uint64 time_, uint32 number) {
        Clock memory clock = _clock;
        (time_, number) = (_time(clock), clock.number);
        // the newest set counts from the next epoch at the latest
        if (time_ / epochLength < clock.from) --number;
    }

    /// @inheritdoc IProtocol
    function epoch() public view returns (uint64) {
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
    function bounds(Parameter parameter) public view returns (uint64 min, uint64 max) {
        if (parameter == Parameter.LeakTail) return (epochLength, 1000 * epochLength);
        if (parameter == Parameter.AcceptWindow) return (epochLength / 24, 30 * epochLength);
        if (parameter == Parameter.ReportGrace) return (epochLength / 24, 7 * epochLength);
        if (parameter == Parameter.AnswerWindow) return (epochLength / 24, 14 * epochLength);
        if (parameter == Parameter.CaseWindow) return (epochLength / 6, 30 * epochLength);
        if (parameter == Parameter.ThawBuffer) return (epochLength / 24, 30 * epochLength);
        if (parameter == Parameter.ChallengeBond) return (1e6, 10_000e6);
        if (parameter == Parameter.CaseBond) return (10e6, 100_000e6);
        if (parameter == Parameter.BountyBps) return (500, 5000);
        if (parameter == Parameter.BountyCap) return (1e6, 10_000e6);
        if (parameter == Parameter.MinterBond) return (10e6, 1_000_000e6);
        if (parameter == Parameter.ProverStake) return (100e6, 1_000_000e6);
        if (parameter == Parameter.ProverPenalty) return (1e6, 100e6);
        if (parameter == Parameter.CoverageFee) return (0, 100e6);
        if (parameter == Parameter.CaseCap) return (100e6, 1_000_000e6);
        if (parameter == Parameter.OriginBond) return (1e6, 10_000e6);
        if (parameter == Parameter.OriginTime) return (epochLength, 365 * epochLength);
        if (parameter == Parameter.MinterCutBps) return (0, 1000);
        return (0, 500);
    }

    /// @inheritdoc IProtocol
    function get(Parameter parameter) public view returns (uint64) {
        Clock memory clock = _clock;
        return _valuesIn(clock, _time(clock) / epochLength).value[uint256(parameter)];
    }

    /// @inheritdoc IProtocol
    function valueIn(Parameter parameter, uint64 epoch_) external view returns (uint64) {
        return _valuesIn(_clock, epoch_).value[uint256(parameter)];
    }

    /// @inheritdoc IProtocol
    function reporting(uint64 epoch_) external view returns (uint64 time_, uint64 grace, uint64 thaw_) {
        Clock memory clock = _clock;
        uint256 word = _word(_valuesIn(clock, epoch_), uint256(Parameter.ReportGrace));
        // the lowest value of the word
        // forge-lint: disable-next-line(unsafe-typecast)
        return (_time(clock), uint40(word), _thaw(word));
    }

    /// @inheritdoc IProtocol
    function cuts() external view returns (uint16 protocolBps, uint16 proverBps, uint16 minterBps) {
        Clock memory clock = _clock;
        uint256 word = _word(_valuesIn(clock, _time(clock) / epochLength), uint256(Parameter.ProtocolCutBps));
        // basis points, whose bounds fit
        // forge-lint: disable-next-line(unsafe-typecast)
        return (uint16(word), uint16(word >> VALUE_BITS), uint16(word >> 2 * VALUE_BITS));
    }

    /// @inheritdoc IProtocol
    function thawEnd() external view returns (uint64) {
        Clock memory clock = _clock;
        uint64 time_ = _time(clock);
        Values storage values = _valuesIn(clock, time_ / epochLength);
        (uint64 end, uint64 exposedUntil) = (time_ + _thawOf(values), values.exposedUntil);
        return end > exposedUntil ? end : exposedUntil;
    }

    /// @inheritdoc IProtocol
    function leakTail() external view returns (uint64) {
        return get(Parameter.LeakTail);
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
        Clock memory clock = _clock;
        return _thawOf(_valuesIn(clock, _time(clock) / epochLength));
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
    function bountyBps() external view returns (uint16) {
        return uint16(get(Parameter.BountyBps));
    }

    /// @inheritdoc IProtocol
    function bountyCap() external view returns (uint64) {
        return get(Parameter.BountyCap);
    }

    /// @inheritdoc IProtocol
    function minterBond() external view returns (uint64) {
        return get(Parameter.MinterBond);
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
    function caseCap() external view returns (uint64) {
        return guarded ? get(Parameter.CaseCap) : type(uint64).max;
    }

    /// @inheritdoc IProtocol
    function origin() external view returns (uint64 time_, uint64 bond, uint64 duration) {
        Clock memory clock = _clock;
        time_ = _time(clock);
        uint256 word = _word(_valuesIn(clock, time_ / epochLength), uint256(Parameter.OriginBond));
        // two values of the word
        // forge-lint: disable-next-line(unsafe-typecast)
        return (time_, uint40(word), uint40(word >> VALUE_BITS));
    }

    /// @inheritdoc IProtocol
    function ordering() external view returns (uint64 time_, uint64 leakTail_, uint64 acceptWindow_) {
        Clock memory clock = _clock;
        require(_unix() >= clock.pausedUntil, ProtocolPaused(clock.pausedUntil));
        time_ = _time(clock);
        uint256 word = _word(_valuesIn(clock, time_ / epochLength), uint256(Parameter.LeakTail));
        // two values of the word
        // forge-lint: disable-next-line(unsafe-typecast)
        return (time_, uint40(word), uint40(word >> VALUE_BITS));
    }

    /// @inheritdoc IProtocol
    function coverageFee() external view returns (uint64) {
        return get(Parameter.CoverageFee);
    }

    /* INTERNAL */

    function _set(uint256 number, Parameter parameter, uint64 value, uint64 from) private {
        (uint64 min, uint64 max) = bounds(parameter);
        require(value >= min && value <= max, ParameterOutOfBounds(parameter, value, min, max));

        // every bound is below 2^40
        // forge-lint: disable-next-line(unsafe-typecast)
        _values[number].value[uint256(parameter)] = uint40(value);
        emit ParameterSet(parameter, value, from);
    }

    /// @dev A new set of values that equals the newest and counts from epoch `from` on.
    function _copyValues(uint256 number, uint64 from) private returns (uint256) {
        Values memory values = _values[number];
        uint64 exposedUntil = (from - 1) * epochLength + _thawOf(_values[number]);
        if (exposedUntil > values.exposedUntil) values.exposedUntil = exposedUntil;
        values.from = from;
        _values[++number] = values;
        // an epoch, which takes 490,000 years to reach 2^32
        // forge-lint: disable-next-line(unsafe-typecast)
        (_clock.number, _clock.from) = (uint32(number), uint32(from));
        return number;
    }

    /// @dev Usually the newest. Looking back costs one step for each later change.
    function _valuesIn(Clock memory clock, uint64 epoch_) private view returns (Values storage values) {
        uint256 number = clock.number;
        values = _values[number];
        if (epoch_ >= clock.from) return values;
        do {
            values = _values[--number];
        } while (epoch_ < values.from);
    }

    function _thawOf(Values storage values) private view returns (uint64) {
        return _thaw(_word(values, uint256(Parameter.ReportGrace)));
    }

    /// @param word The values from the grace on: grace, answer, case, buffer.
    function _thaw(uint256 word) private view returns (uint64) {
        // four values of the word
        // forge-lint: disable-start(unsafe-typecast)
        return epochLength + uint40(word) + uint40(word >> VALUE_BITS) + uint40(word >> 2 * VALUE_BITS)
            + uint40(word >> 3 * VALUE_BITS);
        // forge-lint: disable-end(unsafe-typecast)
    }

    /// @dev The value at an index in the lowest bits, and those that follow it in the same word above. The array begins
    /// with the second word of the struct.
    function _word(Values storage values, uint256 index) private view returns (uint256 word) {
        assembly ("memory-safe") {
            word := sload(add(add(values.slot, 1), div(index, VALUES_PER_WORD)))
            word := shr(mul(mod(index, VALUES_PER_WORD), VALUE_BITS), word)
        }
    }

    function _time(Clock memory clock) private view returns (uint64) {
        uint64 end = _unix() < clock.pausedUntil ? _unix() : clock.pausedUntil;
        return _unix() - clock.frozen - (end - clock.pausedAt);
    }

    function _setGuardian(address guardian_) private {
        guardian = guardian_;
        emit GuardianSet(guardian_);
    }

    function _setCouncil(address council_) private {
        council = council_;
        emit CouncilSet(council_);
    }

    function _unix() private view returns (uint64) {
        return uint64(block.timestamp);
    }
}
