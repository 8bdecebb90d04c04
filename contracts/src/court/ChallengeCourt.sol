// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { Challenge, ChallengeState, IChallengeCourt, Opening } from "../interfaces/IChallengeCourt.sol";
import { Copy, ICopyRegistry } from "../interfaces/ICopyRegistry.sol";
import { IKeyLedger } from "../interfaces/IKeyLedger.sol";
import { IModelRegistry } from "../interfaces/IModelRegistry.sol";
import { IProtocol } from "../interfaces/IProtocol.sol";
import { ITreasury } from "../interfaces/ITreasury.sol";
import { IUsageLedger } from "../interfaces/IUsageLedger.sol";
import { IndexedMerkle } from "../lib/IndexedMerkle.sol";
import { Receipt, Receipts, Report } from "../lib/Receipts.sol";
import { CopyId, ModelId } from "../lib/Types.sol";
import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import { SafeERC20 } from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @notice See `IChallengeCourt`.
contract ChallengeCourt is IChallengeCourt {
    using Receipts for Report;
    using SafeERC20 for IERC20;

    /// @dev An unrelated model matches one leaf with probability p at most. A challenger may choose among n − 15 runs
    /// of 16 leaves, so some run matches with probability n·p^16 at most: under 1e-9 for n = 4,096 and p = 0.16.
    uint256 private constant LEAVES = 16;

    IERC20 private immutable USD;
    IProtocol private immutable PROTOCOL;
    IModelRegistry private immutable REGISTRY;
    ICopyRegistry private immutable COPIES;
    IUsageLedger private immutable LEDGER;
    IKeyLedger private immutable KEYS;
    ITreasury private immutable TREASURY;

    mapping(bytes32 offence => Challenge) private _challenges;
    mapping(CopyId id => uint40) private _latest;

    constructor(
        IERC20 usd,
        IProtocol protocol,
        IModelRegistry registry,
        ICopyRegistry copies,
        IUsageLedger ledger,
        IKeyLedger keys,
        ITreasury treasury
    ) {
        USD = usd;
        PROTOCOL = protocol;
        REGISTRY = registry;
        COPIES = copies;
        LEDGER = ledger;
        KEYS = keys;
        TREASURY = treasury;

        usd.forceApprove(address(treasury), type(uint256).max);
    }

    /* DECIDED IMMEDIATELY */

    /// @inheritdoc IChallengeCourt
    function unreported(Receipt calldata receipt, bytes calldata signature, Report calldata filed)
        external
        returns (uint256 taken)
    {
        LEDGER.requireReceipt(receipt, signature);
        _requireFiled(receipt, filed);
        require(receipt.index >= filed.count, IndexReported(receipt.index, filed.count));

        return _slash(offenceOf(receipt.copyId, receipt.epoch, receipt.index), receipt.copyId, msg.sender);
    }

    /// @inheritdoc IChallengeCourt
    function twoFaces(
        Receipt calldata one,
        bytes calldata oneSignature,
        Receipt calldata other,
        bytes calldata otherSignature
    ) external returns (uint256 taken) {
        bytes32 oneHash = LEDGER.requireReceipt(one, oneSignature);
        bytes32 otherHash = LEDGER.requireReceipt(other, otherSignature);
        bytes32 offence = offenceOf(one.copyId, one.epoch, one.index);
        require(offence == offenceOf(other.copyId, other.epoch, other.index), ReceiptsUnrelated());
        require(oneHash != otherHash, SameReceipt(oneHash));

        return _slash(offence, one.copyId, msg.sender);
    }

    /* DECIDED AFTER THE ANSWER WINDOW */

    /// @inheritdoc IChallengeCourt
    function missing(Receipt calldata receipt, bytes calldata signature, Report calldata filed)
        external
        returns (bytes32 offence)
    {
        bytes32 receiptHash = LEDGER.requireReceipt(receipt, signature);
        _requireFiled(receipt, filed);
        require(receipt.index < filed.count, IndexUnreported(receipt.index, filed.count));

        offence = offenceOf(receipt.copyId, receipt.epoch, receipt.index);
        uint256 bond = _open(offence, receipt.copyId, receiptHash);
        emit Challenged(offence, receipt.copyId, msg.sender, receipt.epoch, receipt.index, receiptHash, bond);
        _take(receipt.copyId, bond);
    }

    /// @inheritdoc IChallengeCourt
    function answer(Report calldata filed, uint64 index, bytes32[] calldata siblings) external {
        bytes32 offence = offenceOf(filed.copyId, filed.epoch, index);
        Challenge storage challenge = _answerable(offence);
        bytes32 leaf = IndexedMerkle.leafOf(abi.encode(challenge.receiptHash));
        require(LEDGER.reportHash(filed.copyId, filed.epoch) == filed.hash(), ReportUnknown(filed.copyId, filed.epoch));
        require(
            IndexedMerkle.proves(filed.receiptsRoot, leaf, index, filed.count, siblings),
            ProofInvalid(index, filed.count)
        );

        _acquit(offence, challenge);
    }

    /// @inheritdoc IChallengeCourt
    function somebodyElses(
        Receipt[] calldata receipts,
        bytes[] calldata signatures,
        Opening[] calldata openings,
        CopyId other,
        uint64 first,
        uint64 count
    ) external returns (bytes32 offence) {
        require(openings.length == LEAVES, LeavesNeeded(openings.length, LEAVES));
        require(receipts.length == LEAVES, LeavesNeeded(receipts.length, LEAVES));
        require(signatures.length == LEAVES, LeavesNeeded(signatures.length, LEAVES));
        CopyId accused = receipts[0].copyId;
        Copy memory copy = COPIES.copies(other);
        require(!(COPIES.modelOf(accused) == copy.modelId), SameModel(copy.modelId));
        for (uint256 i; i < LEAVES; ++i) {
            LEDGER.requireReceipt(receipts[i], signatures[i]);
            require(CopyId.unwrap(receipts[i].copyId) == CopyId.unwrap(accused), ReceiptsUnrelated());
            _requireShown(receipts[i], openings[i], other, copy.fingerprintRoot, first, count, i);
        }

        offence = foreignOffenceOf(accused, other, first);
        uint256 bond = _open(offence, accused, 0);
        for (uint256 i; i < LEAVES; ++i) {
            KEYS.burn(copy.modelId, openings[i].keyHash);
        }
        emit Challenged(offence, accused, msg.sender, 0, first, 0, bond);
        emit Recognised(offence, accused, other, first);
        _take(accused, bond);
    }

    /// @inheritdoc IChallengeCourt
    function answerByDescent(CopyId accused, CopyId other, uint64 first, ModelId[] calldata path) external {
        bytes32 offence = foreignOffenceOf(accused, other, first);
        Challenge storage challenge = _answerable(offence);
        (ModelId from, ModelId to) = (COPIES.modelOf(accused), COPIES.modelOf(other));
        require(path.length > 1 && path[0] == from && path[path.length - 1] == to, PathInvalid(from, to));
        for (uint256 i = 1; i < path.length; ++i) {
            REGISTRY.edgeRoyaltyBps(path[i - 1], path[i]);
        }

        _acquit(offence, challenge);
    }

    /// @inheritdoc IChallengeCourt
    function convict(bytes32 offence) external returns (uint256 taken) {
        Challenge storage challenge = _challenges[offence];
        require(challenge.state == ChallengeState.Open, ChallengeNotOpen(offence, challenge.state));
        uint64 time = PROTOCOL.time();
        uint64 deadline = answerDeadline(offence);
        require(time > deadline, AnswerPending(time, deadline));

        challenge.state = ChallengeState.Convicted;

        COPIES.closeDispute(challenge.copyId);
        // Two faces at the same index may have been punished already. Then only the bond is returned.
        if (!COPIES.punished(offence)) {
            taken = _slash(offence, challenge.copyId, challenge.challenger);
        }
        TREASURY.payAccount(challenge.challenger, challenge.bond);
    }

    /* VIEWS */

    /// @inheritdoc IChallengeCourt
    function challenges(bytes32 offence) external view returns (Challenge memory) {
        return _challenges[offence];
    }

    /// @inheritdoc IChallengeCourt
    function answerDeadline(bytes32 offence) public view returns (uint64) {
        Challenge storage challenge = _challenges[offence];
        uint64 extended = uint64(_latest[challenge.copyId]) + challenge.window;
        uint64 longest = uint64(challenge.openedAt) + 2 * uint64(challenge.window);
        return extended < longest ? extended : longest;
    }

    /// @inheritdoc IChallengeCourt
    function offenceOf(CopyId id, uint64 epoch, uint64 index) public pure returns (bytes32) {
        return keccak256(abi.encode("receipt", id, epoch, index));
    }

    /// @inheritdoc IChallengeCourt
    function foreignOffenceOf(CopyId accused, CopyId other, uint64 first) public pure returns (bytes32) {
        return keccak256(abi.encode("somebody else's", accused, other, first));
    }

    /// @inheritdoc IChallengeCourt
    function leaves() external pure returns (uint256) {
        return LEAVES;
    }

    /* INTERNAL */

    /// @dev Reverts unless the time to report the receipt's epoch is over and `filed` is the report of that epoch.
    function _requireFiled(Receipt calldata receipt, Report calldata filed) private view {
        (uint64 time, uint64 deadline) = (PROTOCOL.time(), LEDGER.reportDeadline(receipt.epoch));
        require(time > deadline, EpochOpen(receipt.epoch, time, deadline));
        bytes32 expected = LEDGER.reportHash(receipt.copyId, receipt.epoch);
        require(
            expected == (filed.count == 0 ? bytes32(0) : filed.hash()), ReportUnknown(receipt.copyId, receipt.epoch)
        );
    }

    /// @dev Receipt → prompt and response → leaf → root.
    function _requireShown(
        Receipt calldata receipt,
        Opening calldata opening,
        CopyId other,
        bytes32 root,
        uint64 first,
        uint64 count,
        uint256 i
    ) private pure {
        // an index below 16, which fits
        // forge-lint: disable-next-line(unsafe-typecast)
        uint64 index = first + uint64(i);
        bytes32 leaf =
            IndexedMerkle.leafOf(abi.encode(other, uint256(index), opening.keyHash, opening.firstHash, opening.salt));
        require(
            receipt.promptHash == Receipts.promptHashOf(opening.promptSalt, opening.keyHash)
                && receipt.responseHash == Receipts.responseHashOf(opening.firstHash, opening.answerHash),
            OpeningInvalid(i)
        );
        require(IndexedMerkle.proves(root, leaf, index, count, opening.siblings), ProofInvalid(index, count));
    }

    function _open(bytes32 offence, CopyId id, bytes32 receiptHash) private returns (uint256 bond) {
        PROTOCOL.requireOpen();
        ChallengeState state = _challenges[offence].state;
        require(state == ChallengeState.None, ChallengedBefore(offence, state));
        require(!COPIES.punished(offence), ICopyRegistry.OffencePunished(offence));

        bond = PROTOCOL.challengeBond();
        uint40 time = uint40(PROTOCOL.time());
        _latest[id] = time;
        _challenges[offence] = Challenge({
            challenger: msg.sender,
            openedAt: time,
            window: uint32(PROTOCOL.answerWindow()),
            state: ChallengeState.Open,
            // a parameter has at most 64 bits
            // forge-lint: disable-next-line(unsafe-typecast)
            bond: uint96(bond),
            copyId: id,
            receiptHash: receiptHash
        });
    }

    function _take(CopyId id, uint256 bond) private {
        COPIES.openDispute(id);
        USD.safeTransferFrom(msg.sender, address(this), bond);
    }

    function _answerable(bytes32 offence) private view returns (Challenge storage challenge) {
        challenge = _challenges[offence];
        require(challenge.state == ChallengeState.Open, ChallengeNotOpen(offence, challenge.state));
        (uint64 time, uint64 deadline) = (PROTOCOL.time(), answerDeadline(offence));
        require(time <= deadline, AnswerLate(time, deadline));
    }

    function _acquit(bytes32 offence, Challenge storage challenge) private {
        CopyId id = challenge.copyId;
        challenge.state = ChallengeState.Answered;
        emit Answered(offence, id);

        COPIES.closeDispute(id);
        TREASURY.payAccount(COPIES.hostOf(id), challenge.bond);
    }

    /// @dev Always takes all collateral. If the challenger could choose the amount, an accomplice could use up the
    /// offence for one unit.
    function _slash(bytes32 offence, CopyId id, address challenger) private returns (uint256 taken) {
        taken = COPIES.slash(id, type(uint256).max, challenger, offence);
        emit Convicted(offence, id, challenger, taken);
    }
}
