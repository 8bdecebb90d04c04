// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { IndexedMerkle } from "../../src/lib/IndexedMerkle.sol";
import { Receipt, Receipts, Report } from "../../src/lib/Receipts.sol";
import { UsageLedger } from "../../src/usage/UsageLedger.sol";
import { BaseTest } from "../helpers/BaseTest.sol";
import { Strings } from "@openzeppelin/contracts/utils/Strings.sol";
import { ECDSA } from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @notice Hashes and proofs equal those of lib/chain/receipts.ts and lib/merkle/tree.ts. Their tests read the same
/// file.
contract VectorsTest is BaseTest {
    string private vectors = vm.readFile("test/vectors.json");

    function proves(bytes32 root, bytes32 leaf, uint64 index, uint64 count, bytes32[] calldata siblings)
        external
        pure
        returns (bool)
    {
        return IndexedMerkle.proves(root, leaf, index, count, siblings);
    }

    function test_default_receiptsAndReports_P31() public {
        address at = vm.parseJsonAddress(vectors, ".usageLedger");
        vm.etch(at, address(new UsageLedger(usd, protocol, copyRegistry, treasury)).code);
        UsageLedger ledger = UsageLedger(at);
        address signer = vm.parseJsonAddress(vectors, ".signer");
        Receipt memory receipt = _receipt();
        Report memory filed = _report();

        vm.assertEq(Receipts.hash(receipt), _word(".receipt.hash"), "receipt");
        vm.assertEq(Receipts.hash(filed), _word(".report.hash"), "report");
        vm.assertEq(ledger.receiptDigest(receipt), _word(".receipt.digest"), "receipt digest");
        vm.assertEq(ledger.reportDigest(filed), _word(".report.digest"), "report digest");
        bytes memory signature = vm.parseJsonBytes(vectors, ".receipt.signature");
        vm.assertEq(ECDSA.recover(ledger.receiptDigest(receipt), signature), signer, "receipt signature");
        signature = vm.parseJsonBytes(vectors, ".report.signature");
        vm.assertEq(ECDSA.recover(ledger.reportDigest(filed), signature), signer, "report signature");
    }

    function test_default_promptAndResponse() public view {
        vm.assertEq(
            Receipts.promptHashOf(_word(".tokens.salt"), _word(".tokens.keyHash")),
            _word(".receipt.promptHash"),
            "prompt"
        );
        vm.assertEq(
            Receipts.responseHashOf(_word(".tokens.firstHash"), _word(".tokens.answerHash")),
            _word(".receipt.responseHash"),
            "response"
        );
    }

    /// A proof is valid for one leaf, one index and one leaf count.
    function test_default_proofs_P35() public view {
        uint256 total = vm.parseJsonUint(vectors, ".merkleCount");
        for (uint256 i; i < total; ++i) {
            string memory at = string.concat(".merkle[", Strings.toString(i), "]");
            bytes32 root = _word(string.concat(at, ".root"));
            bytes32 leaf = IndexedMerkle.leafOf(abi.encode(_word(string.concat(at, ".data"))));
            uint64 index = uint64(vm.parseJsonUint(vectors, string.concat(at, ".index")));
            uint64 count = uint64(vm.parseJsonUint(vectors, string.concat(at, ".count")));
            bytes32[] memory siblings = vm.parseJsonBytes32Array(vectors, string.concat(at, ".siblings"));

            vm.assertTrue(this.proves(root, leaf, index, count, siblings), "valid proof");
            vm.assertFalse(this.proves(root, leaf, index + 1, count, siblings), "another index");
            vm.assertFalse(this.proves(root, leaf, index, count + 1, siblings), "another count");
            vm.assertFalse(this.proves(root, keccak256("other"), index, count, siblings), "another leaf");
            vm.assertFalse(this.proves(root, leaf, index, count, new bytes32[](siblings.length + 1)), "extra siblings");
        }
    }

    /// An inner node does not pass as a leaf of a smaller tree.
    function test_behavior_aNodeIsNotALeaf_P35() public view {
        (bytes32 a, bytes32 b) = (IndexedMerkle.leafOf("a"), IndexedMerkle.leafOf("b"));
        bytes32 node = keccak256(abi.encodePacked(bytes1(0x01), a, b));
        bytes32 root = keccak256(abi.encodePacked(bytes1(0x02), uint64(2), node));
        vm.assertFalse(this.proves(root, node, 0, 1, new bytes32[](0)), "another count");
        vm.assertFalse(
            this.proves(root, IndexedMerkle.leafOf(abi.encodePacked(a, b)), 0, 1, new bytes32[](0)), "children as data"
        );
    }

    /// An unpaired last leaf is not duplicated, so it has no second index.
    function test_behavior_anOddLastLeaf_P35() public view {
        bytes32 a = IndexedMerkle.leafOf("a");
        bytes32 root = keccak256(abi.encodePacked(bytes1(0x02), uint64(1), a));
        bytes32[] memory itself = new bytes32[](1);
        itself[0] = a;
        vm.assertTrue(this.proves(root, a, 0, 1, new bytes32[](0)), "single leaf");
        vm.assertFalse(this.proves(root, a, 1, 2, itself), "duplicated leaf");
        vm.assertFalse(this.proves(root, a, 0, 0, new bytes32[](0)), "empty tree");
    }

    function _receipt() private view returns (Receipt memory) {
        return Receipt({
            copyId: _copyId(_number(".receipt.copyId")),
            epoch: _number(".receipt.epoch"),
            index: _number(".receipt.index"),
            promptHash: _word(".receipt.promptHash"),
            responseHash: _word(".receipt.responseHash"),
            units: _number(".receipt.units"),
            issuedAt: _number(".receipt.issuedAt")
        });
    }

    function _report() private view returns (Report memory) {
        return Report({
            copyId: _copyId(_number(".report.copyId")),
            epoch: _number(".report.epoch"),
            count: _number(".report.count"),
            units: _number(".report.units"),
            receiptsRoot: _word(".report.receiptsRoot")
        });
    }

    function _number(string memory key) private view returns (uint64) {
        return uint64(vm.parseJsonUint(vectors, key));
    }

    function _word(string memory key) private view returns (bytes32) {
        return vm.parseJsonBytes32(vectors, key);
    }
}
