// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { Bounty, Challenge, ChallengeState, Commitment, IChallengeCourt } from "../interfaces/IChallengeCourt.sol";
import { ICopyRegistry } from "../interfaces/ICopyRegistry.sol";
import { IProtocol, Parameter } from "../interfaces/IProtocol.sol";
import { ITreasury } from "../interfaces/ITreasury.sol";
import { IUsageLedger } from "../interfaces/IUsageLedger.sol";
import { Receipt, Receipts, Report } from "../lib/Receipts.sol";
import { SumNode, SumRoot, SumTree } from "../lib/SumTree.sol";
import { BURNED, CopyId } from "../lib/Types.sol";
import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import { SafeERC20 } from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import { Math } from "@openzeppelin/contracts/utils/math/Math.sol";
import { SafeCast } from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @notice See `IChallengeCourt`.
/// @dev A bond is not stored: it is the parameter's value in the epoch of the commitment, which never changes.
contract ChallengeCourt is IChallengeCourt {
    using Receipts for Receipt;
    using Receipts for Report;
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    uint48 private constant REVEAL_AFTER_BLOCKS = 2;
    uint64 private constant REVEAL_WITHIN = 1 hours;

    IERC20 private immutable USD;
    IProtocol private immutable PROTOCOL;
    ICopyRegistry private immutable COPIES;
    IUsageLedger private immutable LEDGER;
    ITreasury private immutable TREASURY;
    uint64 private immutable EPOCH_LENGTH;

    mapping(address challenger => mapping(bytes32 commitment => Commitment)) private _commitments;
    mapping(bytes32 receiptHash => Challenge) private _challenges;
    mapping(CopyId id => Bounty) private _bounties;
    mapping(CopyId id => uint40) private _latest;

    constructor(IERC20 usd, IProtocol protocol, ICopyRegistry copies, IUsageLedger ledger, ITreasury treasury) {
        USD = usd;
        PROTOCOL = protocol;
        COPIES = copies;
        LEDGER = ledger;
        TREASURY = treasury;
        EPOCH_LENGTH = protocol.epochLength();

        usd.forceApprove(address(treasury), type(uint256).max);
    }

    /* COMMIT */

    /// @inheritdoc IChallengeCourt
    function commit(bytes32 commitment) external {
        PROTOCOL.requireOpen();
        Commitment storage made = _commitments[msg.sender][commitment];
        require(commitment != 0 && made.committedAt == 0, CommitmentTaken(commitment));

        uint64 time = PROTOCOL.time();
        uint256 bond = _bondAt(time);
        // seconds, until the year 36812
        // forge-lint: disable-next-line(unsafe-typecast)
        (made.committedAt, made.blockNumber) = (uint40(time), block.number.toUint48());
        emit Committed(msg.sender, commitment, bond, time + REVEAL_WITHIN);

        USD.safeTransferFrom(msg.sender, address(this), bond);
    }

    /// @inheritdoc IChallengeCourt
    function expire(address challenger, bytes32 commitment) external {
        uint40 committedAt = _commitments[challenger][commitment].committedAt;
        uint64 time = PROTOCOL.time();
        require(committedAt != 0, CommitmentUnknown(challenger, commitment));
        require(time > committedAt + REVEAL_WITHIN, RevealPending(time, committedAt + REVEAL_WITHIN));

        uint256 bond = _bondAt(committedAt);
        delete _commitments[challenger][commitment];
        emit Expired(challenger, commitment, bond);

        TREASURY.payAccount(BURNED, bond);
    }

    /* DECIDED IMMEDIATELY */

    /// @inheritdoc IChallengeCourt
    function unreported(Receipt calldata receipt, bytes calldata signature, Report calldata filed, bytes32 salt)
        external
        returns (uint256 taken)
    {
        bytes32 receiptHash = LEDGER.requireReceipt(receipt, signature);
        _requireFiled(receipt, filed);
        require(receipt.index >= filed.count, IndexReported(receipt.index, filed.count));

        uint40 committedAt = _reveal(receiptHash, salt);
        taken =
            _convict(offenceOf(receipt.copyId, receipt.epoch, receipt.index), receipt.copyId, msg.sender, committedAt);
        USD.safeTransfer(msg.sender, _bondAt(committedAt));
    }

    /// @inheritdoc IChallengeCourt
    function twoFaces(
        Receipt calldata one,
        bytes calldata oneSignature,
        Receipt calldata other,
        bytes calldata otherSignature,
        bytes32 salt
    ) external returns (uint256 taken) {
        bytes32 oneHash = LEDGER.requireReceipt(one, oneSignature);
        bytes32 otherHash = LEDGER.requireReceipt(other, otherSignature);
        bytes32 offence = offenceOf(one.copyId, one.epoch, one.index);
        require(offence == offenceOf(other.copyId, other.epoch, other.index), ReceiptsUnrelated());
        require(oneHash != otherHash, SameReceipt(oneHash));

        uint40 committedAt = _reveal(keccak256(abi.encode(oneHash, otherHash)), salt);
        taken = _convict(offence, one.copyId, msg.sender, committedAt);
        USD.safeTransfer(msg.sender, _bondAt(committedAt));
    }

    /* DECIDED AFTER THE ANSWER WINDOW */

    /// @inheritdoc IChallengeCourt
    function missing(Receipt calldata receipt, bytes calldata signature, Report calldata filed, bytes32 salt) external {
        bytes32 receiptHash = LEDGER.requireReceipt(receipt, signature);
        _requireFiled(receipt, filed);
        require(receipt.index < filed.count, IndexUnreported(receipt.index, filed.count));
        Challenge storage challenge = _challenges[receiptHash];
        require(challenge.state == ChallengeState.None, ChallengedBefore(receiptHash, challenge.state));
        bytes32 offence = offenceOf(receipt.copyId, receipt.epoch, receipt.index);
        require(!COPIES.punished(offence), ICopyRegistry.OffencePunished(offence));

        uint40 committedAt = _reveal(receiptHash, salt);
        uint40 time = uint40(PROTOCOL.time());
        _latest[receipt.copyId] = time;
        (challenge.challenger, challenge.committedAt) = (msg.sender, committedAt);
        (challenge.openedAt, challenge.state) = (time, ChallengeState.Open);
        emit Challenged(receiptHash, receipt.copyId, msg.sender, receipt.epoch, receipt.index, committedAt);

        COPIES.openDispute(receipt.copyId);
    }

    /// @inheritdoc IChallengeCourt
    function answer(Report calldata filed, Receipt calldata receipt, SumNode[] calldata siblings) external {
        bytes32 receiptHash = receipt.hash();
        Challenge storage challenge = _open(receiptHash);
        (uint64 time, uint64 deadline) = (PROTOCOL.time(), answerDeadline(receipt.copyId, receiptHash));
        require(time <= deadline, AnswerLate(time, deadline));
        bytes32 expected = LEDGER.reportHash(receipt.copyId, receipt.epoch);
        require(expected == filed.hash(), ReportUnknown(receipt.copyId, receipt.epoch));
        SumNode memory leaf = SumNode(SumTree.leafOf(abi.encode(receiptHash)), receipt.units);
        require(
            SumTree.proves(SumRoot(filed.receiptsRoot, filed.count, filed.units), leaf, receipt.index, siblings),
            ProofInvalid(receipt.index, filed.count)
        );

        challenge.state = ChallengeState.Answered;
        emit Answered(receiptHash, receipt.copyId);

        COPIES.closeDispute(receipt.copyId);
        TREASURY.payAccount(COPIES.hostOf(receipt.copyId), _bondAt(challenge.committedAt));
    }

    /// @inheritdoc IChallengeCourt
    function convict(Receipt calldata receipt) external returns (uint256 taken) {
        bytes32 receiptHash = receipt.hash();
        Challenge storage challenge = _open(receiptHash);
        (uint64 time, uint64 deadline) = (PROTOCOL.time(), answerDeadline(receipt.copyId, receiptHash));
        require(time > deadline, AnswerPending(time, deadline));

        (address challenger, uint40 committedAt) = (challenge.challenger, challenge.committedAt);
        challenge.state = ChallengeState.Convicted;

        taken = _convict(
            offenceOf(receipt.copyId, receipt.epoch, receipt.index), receipt.copyId, challenger, committedAt
        );
        COPIES.closeDispute(receipt.copyId);
        TREASURY.payAccount(challenger, _bondAt(committedAt));
    }

    /// @inheritdoc IChallengeCourt
    function payBounty(CopyId id) external returns (uint256 amount) {
        Bounty memory bounty = _bounties[id];
        uint64 time = PROTOCOL.time();
        require(bounty.payableAt != 0 && time >= bounty.payableAt, BountyWaits(id, time, bounty.payableAt));

        amount = bounty.amount;
        delete _bounties[id];
        emit BountyPaid(id, bounty.to, amount);

        TREASURY.payAccount(bounty.to, amount);
    }

    /* VIEWS */

    /// @inheritdoc IChallengeCourt
    function commitments(address challenger, bytes32 commitment) external view returns (Commitment memory) {
        return _commitments[challenger][commitment];
    }

    /// @inheritdoc IChallengeCourt
    function challenges(bytes32 receiptHash) external view returns (Challenge memory) {
        return _challenges[receiptHash];
    }

    /// @inheritdoc IChallengeCourt
    function bounties(CopyId id) external view returns (Bounty memory) {
        return _bounties[id];
    }

    /// @inheritdoc IChallengeCourt
    function answerDeadline(CopyId id, bytes32 receiptHash) public view returns (uint64) {
        uint64 openedAt = _challenges[receiptHash].openedAt;
        uint64 window = PROTOCOL.valueIn(Parameter.AnswerWindow, openedAt / EPOCH_LENGTH);
        uint256 extended = Math.min(uint256(_latest[id]) + window, uint256(openedAt) + 2 * window);
        return extended.toUint64();
    }

    /// @inheritdoc IChallengeCourt
    function offenceOf(CopyId id, uint64 epoch, uint64 index) public pure returns (bytes32) {
        return keccak256(abi.encode("receipt", id, epoch, index));
    }

    /// @inheritdoc IChallengeCourt
    function commitmentOf(address challenger, bytes32 evidence, bytes32 salt) public pure returns (bytes32) {
        return keccak256(abi.encode(challenger, evidence, salt));
    }

    /* INTERNAL */

    /// @dev Uses up the caller's commitment to this evidence.
    function _reveal(bytes32 evidence, bytes32 salt) private returns (uint40 committedAt) {
        bytes32 commitment = commitmentOf(msg.sender, evidence, salt);
        Commitment memory made = _commitments[msg.sender][commitment];
        uint256 notBefore = uint256(made.blockNumber) + REVEAL_AFTER_BLOCKS;
        uint64 time = PROTOCOL.time();
        committedAt = made.committedAt;
        require(committedAt != 0, CommitmentUnknown(msg.sender, commitment));
        require(block.number >= notBefore, RevealEarly(block.number, notBefore));
        require(time <= committedAt + REVEAL_WITHIN, RevealLate(time, committedAt + REVEAL_WITHIN));

        delete _commitments[msg.sender][commitment];
    }

    /// @dev Reverts unless the time to report the receipt's epoch is over and `filed` is the report of that epoch.
    function _requireFiled(Receipt calldata receipt, Report calldata filed) private view {
        (uint64 time, uint64 deadline) = (PROTOCOL.time(), LEDGER.reportDeadline(receipt.epoch));
        require(time > deadline, EpochOpen(receipt.epoch, time, deadline));
        bytes32 expected = LEDGER.reportHash(receipt.copyId, receipt.epoch);
        require(
            expected == (filed.count == 0 ? bytes32(0) : filed.hash()), ReportUnknown(receipt.copyId, receipt.epoch)
        );
    }

    function _open(bytes32 receiptHash) private view returns (Challenge storage challenge) {
        challenge = _challenges[receiptHash];
        require(challenge.state == ChallengeState.Open, ChallengeNotOpen(receiptHash, challenge.state));
    }

    /// @dev Always takes all collateral. If the challenger could choose the amount, an accomplice could use up the
    /// offence for one unit. An offence that was punished before takes nothing, but can still win the bounty.
    function _convict(bytes32 offence, CopyId id, address challenger, uint40 committedAt)
        private
        returns (uint256 taken)
    {
        Bounty storage bounty = _bounties[id];
        uint256 paid;
        if (!COPIES.punished(offence)) {
            (taken, paid) = COPIES.slash(id, type(uint256).max, PROTOCOL.bountyCap(), offence);
        }
        emit Convicted(offence, id, challenger, taken);
        if (paid == 0 && bounty.payableAt == 0) return taken;

        if (bounty.payableAt == 0) bounty.payableAt = (uint256(PROTOCOL.time()) + REVEAL_WITHIN).toUint40();
        if (bounty.to == address(0) || committedAt < bounty.committedAt) {
            (bounty.to, bounty.committedAt) = (challenger, committedAt);
        }
        bounty.amount += paid.toUint96();
        emit BountyFor(id, bounty.to, bounty.amount, bounty.committedAt, bounty.payableAt);
    }

    /// @dev Bond of a commitment made at this time.
    function _bondAt(uint64 time) private view returns (uint256) {
        return PROTOCOL.valueIn(Parameter.ChallengeBond, time / EPOCH_LENGTH);
    }
}
